/**
 * Colours have a contrast of at least 4.5 to 1 in light and dark; what matters is written in words beside the colour. Pictures are drawn in light colours
 * and recoloured here by their classes.
 */
export const style = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#545d68;--line:#d0d7de;--head:#f3f5f7;--good:#1a6b30;--bad:#b3261e;--warn:#8a5300;--link:#0b57a4;--a:#0b57a4;--b:#c2571a}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e8eaed;--soft:#a6b0ba;--line:#3a424b;--head:#1f242a;--good:#6fd08c;--bad:#ff8a80;--warn:#f0b35a;--link:#8ab8f0;--a:#8ab8f0;--b:#f0a06a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:75rem;padding:1.5rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
.skip{position:absolute;left:-999rem}.skip:focus{position:static}
.organisation{margin:0;color:var(--soft)}
h1{font-size:1.75rem;line-height:1.2;margin:.2rem 0 1rem}
h2{font-size:1.3rem;margin:2.2rem 0 .6rem;padding-top:.6rem;border-top:2px solid var(--line)}
h3{font-size:1.05rem;margin:1.4rem 0 .4rem}
a{color:var(--link)}
a:focus-visible,.scroll:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
dl{margin:.5rem 0}dl>div{display:grid;grid-template-columns:minmax(9rem,16rem) 1fr;gap:.25rem 1rem;padding:.15rem 0}
dt{color:var(--soft)}dd{margin:0}
nav ol{columns:2;column-gap:2rem;padding-left:1.4rem}
p.note{color:var(--soft)}p.bad{color:var(--bad);font-weight:600}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top}
thead th{background:var(--head);border-bottom:2px solid var(--line);white-space:nowrap}
tbody th{font-weight:600}.key,time{white-space:nowrap}
.number{text-align:right}table.narrow{max-width:44rem}
.mark{white-space:nowrap}.mark.good{color:var(--good)}.mark.bad{color:var(--bad);font-weight:600}.mark.warn{color:var(--warn)}.mark.none{color:var(--soft)}
td .mark,dd .mark{white-space:normal}
figure{margin:1.2rem 0}figcaption{color:var(--soft);font-size:.9rem}
.picture{overflow-x:auto}svg{max-width:100%;height:auto}
details{font-size:.9rem}summary{cursor:pointer;color:var(--link)}
footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--soft);font-size:.8rem}code{overflow-wrap:anywhere}
svg text{font-family:inherit}svg .paper{fill:var(--paper)}svg .ink{fill:var(--ink)}svg .soft{fill:var(--soft)}svg .line{stroke:var(--line)}svg .arrow{stroke:var(--soft)}
svg .a{fill:var(--a)}svg .b{fill:var(--b)}svg .box{fill:var(--head);stroke:var(--line)}
svg .good{fill:var(--good)}svg .bad{fill:var(--bad)}svg .warn{fill:var(--warn)}svg .none{fill:var(--soft)}
svg .edge-good{stroke:var(--good)}svg .edge-bad{stroke:var(--bad)}svg .edge-warn{stroke:var(--warn)}svg .edge-none{stroke:var(--soft)}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#999;--head:#eee;--good:#1a6b30;--bad:#b3261e;--warn:#8a5300;--link:#000;--a:#0b57a4;--b:#c2571a}
@page{size:A4;margin:16mm}body{max-width:none;padding:0;font-size:10pt}nav,.skip,details{display:none}.scroll{overflow:visible}table{font-size:8.5pt}thead{display:table-header-group}tr,figure{break-inside:avoid}h2,h3,caption{break-after:avoid}}
`;
