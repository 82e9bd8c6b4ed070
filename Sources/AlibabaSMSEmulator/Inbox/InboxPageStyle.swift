/// The style of the inbox page.
enum InboxPageStyle {
    static let css = """
        :root { color-scheme: light dark; --bg: #f6f7f9; --card: #fff; --line: #dfe3e8; --text: #1c2430;
          --muted: #64707f; --accent: #0b63ce; --chip: #e8f1fd; --warn: #fff4d6; --warn-text: #6b4e00; }
        @media (prefers-color-scheme: dark) { :root { --bg: #12161c; --card: #1b212a; --line: #2c3541; --text: #e6ebf1;
          --muted: #93a0b0; --accent: #6fb1ff; --chip: #1d3350; --warn: #3a3013; --warn-text: #f3d98b; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--bg); color: var(--text);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        .banner { margin: 0; padding: .5rem 1rem; background: var(--warn); color: var(--warn-text); text-align: center; }
        header, main { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
        header { display: flex; align-items: center; gap: .75rem; padding-top: 1.25rem; padding-bottom: .75rem; }
        h1 { font-size: 1.35rem; margin: 0; }
        h2 { font-size: 1.1rem; margin: 0 0 .25rem; }
        .muted, .from, time { color: var(--muted); font-size: .875rem; }
        .state { margin-left: auto; font-size: .8rem; color: var(--muted); }
        .state.live::before { content: "●"; color: #2a9d5b; margin-right: .35rem; }
        .state.lost::before { content: "●"; color: #d23b3b; margin-right: .35rem; }
        button { font: inherit; font-size: .875rem; color: var(--text); background: var(--card); cursor: pointer;
          border: 1px solid var(--line); border-radius: .5rem; padding: .25rem .7rem; }
        button:hover { border-color: var(--accent); }
        button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        ol { list-style: none; margin: 0; padding: 0 0 3rem; display: grid; gap: .75rem; }
        li { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: .9rem 1rem; }
        .meta { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem; }
        .meta time { margin-left: auto; }
        .to { font-variant-numeric: tabular-nums; font-weight: 600; }
        .tag { font-size: .75rem; color: var(--muted); border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; }
        .text { margin: .6rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
        .codes { display: flex; align-items: center; gap: .6rem; }
        .code { font: 600 1.25rem/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; letter-spacing: .08em;
          background: var(--chip); color: var(--accent); border-radius: .5rem; padding: .1rem .7rem; }
        #empty { background: var(--card); border: 1px dashed var(--line); border-radius: .75rem; padding: 1.5rem; }
        pre { overflow-x: auto; background: var(--bg); border-radius: .5rem; padding: .75rem; font-size: .85rem; }
        [hidden] { display: none !important; }
        """
}
