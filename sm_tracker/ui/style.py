"""The style sheet: one for both themes, colours as ``light-dark`` pairs."""

STYLE = """
:root{--ink:light-dark(#16242D,#E9EEF0);--muted:light-dark(#53626C,#A3B1BA);
--surface:light-dark(#FFFFFF,#172027);--line:light-dark(#D5DBDA,#33414B);
--sunken:light-dark(#ECEFED,#1F2A32);--accent:light-dark(#1F4257,#9CC4DA);
--thinner:light-dark(#0B6270,#7CCAD6);--within:light-dark(#53626C,#A3B1BA);
--thicker:light-dark(#96470F,#EFA771);--flag:light-dark(#7A5200,#E3B75F);
--band:light-dark(#16242D22,#E9EEF02A);--wash:light-dark(#1F42570D,#9CC4DA17)}
[data-testid=stHeader]{background:var(--surface);border-bottom:1px solid var(--line)}
[data-testid=stMainBlockContainer]{max-width:1560px;padding:3.9rem 2rem 2rem}
[data-testid=stVerticalBlock]{gap:.6rem}
.st-key-card{background:var(--surface);border:1px solid var(--line);border-radius:6px;
padding:9px 15px}
.sm h1{font-size:1.62rem;font-weight:600;line-height:1.25;margin:0;padding:0;letter-spacing:0}
.sm h2{font-size:1.08rem;font-weight:600;margin:1rem 0 .3rem;padding:0;letter-spacing:0}
.sm p{margin:.15rem 0;font-size:.95rem;color:var(--muted);max-width:60rem}
.sm{color:var(--ink);font-variant-numeric:tabular-nums}
.thinner{color:var(--thinner)}.within{color:var(--within)}.thicker{color:var(--thicker)}
.top{display:flex;gap:2rem;align-items:flex-end;justify-content:space-between;flex-wrap:wrap}
.top .say{flex:1 1 24rem}.figures{display:flex;flex-wrap:wrap}
.figures div{padding:0 1.1rem;border-left:1px solid var(--line)}
.figures div:first-child{border-left:0;padding-left:0}
.figures span{display:block;font-size:.82rem;color:var(--muted)}
.figures b{font-size:1.95rem;font-weight:600;line-height:1.15}
.figures b small{font-size:.95rem;font-weight:400;color:var(--muted);margin-left:.25rem}
.tag{border:1px dashed var(--muted);border-radius:4px;padding:.05rem .4rem;font-weight:600;
font-size:.85rem;margin-right:.5rem;color:var(--ink)}
.facts{font-size:.93rem;color:var(--muted)}.facts b{color:var(--ink);font-weight:600}
.note{font-size:.85rem;color:var(--muted)}
table.reg{border-collapse:collapse;width:100%;font-size:.9rem}
table.reg th{font-weight:400;font-size:.82rem;color:var(--muted);text-align:left;
padding:.3rem .6rem;border-bottom:1.5px solid var(--ink)}
table.reg td{vertical-align:top;padding:.5rem .6rem;border-bottom:1px solid var(--line)}
table.reg tr.focus td{background:var(--wash)}
table.reg tr.focus td:first-child{box-shadow:inset 3px 0 var(--accent)}
table.reg b{font-weight:600}
table.reg td:nth-child(3),table.reg td:nth-child(4){white-space:nowrap}
table.reg i,table.reg small{font-style:normal;display:block;font-size:.84rem;color:var(--muted)}
table.reg .flag{color:var(--flag)}
.sw{display:inline-block;width:1.1rem;height:.62rem;border:1px solid var(--ink);
margin-right:.5rem}
.strip{position:relative;display:block;width:8.2rem;height:1.15rem}
.strip u{position:absolute;top:0;bottom:0;background:var(--band)}
.strip s{position:absolute;left:50%;top:0;bottom:0;border-left:1px dashed var(--muted)}
.strip em{position:absolute;top:50%;width:.55rem;height:.55rem;transform:translate(-50%,-50%)}
em.thinner{background:var(--thinner);clip-path:polygon(0 14%,100% 14%,50% 92%)}
em.thicker{background:var(--thicker);clip-path:polygon(0 86%,100% 86%,50% 8%)}
em.within{background:var(--within)}
.scroll{overflow-x:auto}
@media(max-width:900px){[data-testid=stMainBlockContainer]{padding:3.9rem 17px 2rem}
table.reg thead{position:absolute;clip-path:inset(50%)}
table.reg tr{display:grid;grid-template-columns:1fr 1fr;border-bottom:1px solid var(--line)}
table.reg td{border-bottom:0;padding:.25rem .6rem}table.reg td:last-child{grid-column:1/3}}
"""
