import winston from 'winston';
import type { JsonObject, Log } from '../kit/index.js';

/** Makes the product's log: one JSON object a line on stderr, with `time`, `level`, `message`; every secret in `redact` blotted out. */
export function createLog(options: {
  readonly level: string;
  readonly redact: (text: string) => string;
  readonly stream?: NodeJS.WritableStream;
}): Log {
  const logger = winston.createLogger({
    level: options.level,
    format: winston.format.combine(
      winston.format.timestamp({ alias: 'time' }),
      winston.format.printf(({ time, level, message, timestamp: _timestamp, ...details }) =>
        options.redact(JSON.stringify({ time, level, message, ...details })),
      ),
    ),
    transports: [new winston.transports.Stream({ stream: options.stream ?? process.stderr })],
  });
  const write = (level: string) => (message: string, details?: JsonObject) => {
    logger.log(level, message, details);
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
