/** The look of the catcher's page: one column on a phone, dark where the machine is dark, no script at all. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2420; --dim: #62706a; --line: #dfe6e1; --paper: #fff; --ground: #f4f7f5; --leaf: #1f6b4a; --tint: #e6f2ec; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ece8; --dim: #94a39b; --line: #2c3732; --paper: #171d1a; --ground: #0f1412; --leaf: #7fd1a8; --tint: #1d2f27; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
header { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; }
h1 { font-size: 1.15rem; margin: 0; } h1 a { color: inherit; text-decoration: none; } h1 span { color: var(--leaf); }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
form { flex: 1 1 16rem; display: flex; gap: .5rem; }
input { flex: 1; min-width: 0; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; padding: .45rem .75rem; }
button { font: inherit; border: 0; border-radius: .5rem; padding: .45rem .9rem; background: var(--leaf); color: var(--paper); cursor: pointer; }
:focus-visible { outline: 2px solid var(--leaf); outline-offset: 2px; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
.mails { list-style: none; margin: 0; padding: 0; }
.mails li + li { border-top: 1px solid var(--line); }
.mails a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 1rem; padding: .65rem 1rem; color: inherit; text-decoration: none; }
.mails a:hover { background: var(--tint); }
.mails b { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mails i { font-style: normal; color: var(--dim); font-size: .875rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mails time, .mails .chip { justify-self: end; }
time { color: var(--dim); font-size: .875rem; white-space: nowrap; }
.chip { font-size: .78rem; background: var(--tint); color: var(--leaf); border-radius: 1rem; padding: .05rem .6rem; white-space: nowrap; }
.note, .empty { color: var(--dim); } .empty { padding: 3rem 1rem; text-align: center; }
nav { display: flex; gap: .25rem; margin: 1rem 0 -1px; } nav a { padding: .4rem .9rem; color: var(--dim); text-decoration: none; border-radius: .5rem .5rem 0 0; }
nav a[aria-current] { background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-bottom-color: var(--paper); }
nav.pages { margin: 1rem 0; justify-content: space-between; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .15rem 1rem; margin: 0; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
iframe { display: block; width: 100%; height: 75vh; border: 0; background: #fff; color-scheme: light; }
pre { margin: 0; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.55 ui-monospace, monospace; }
.note { margin: 0 0 .75rem; }
@media (max-width: 34rem) { .mails b { white-space: normal; } time { font-size: .78rem; } }
`;
