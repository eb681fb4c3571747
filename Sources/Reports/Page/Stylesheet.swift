/// How a report looks: on a screen, light or dark, on a phone, and on paper.
/// What figures are drawn in stands with their drawing.
enum Stylesheet {
    static let text = """
        :root { color-scheme: light dark; --page: #ffffff; --text: #1d1d1f; --quiet: #5a5b60; --rule: #dcdce1;
          --shade: #f5f5f7; --link: #0b5cad; --notice: #8a4b00 }
        @media (prefers-color-scheme: dark) {
          :root { --page: #1c1c1e; --text: #f2f2f5; --quiet: #a5a5ad; --rule: #3c3c42; --shade: #28282b;
            --link: #7db8f5; --notice: #f0b060 }
        }
        * { box-sizing: border-box }
        body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; background: var(--page);
          color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .75rem }
        h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.5rem 0 .75rem; padding-top: .75rem;
          border-top: 1px solid var(--rule) }
        p { margin: .5rem 0; max-width: 44rem }
        a { color: var(--link) }
        .summary { font-size: 1.1rem }
        .notice { color: var(--notice) }
        nav ul { margin: 1rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none }
        table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums }
        caption { text-align: left; color: var(--quiet); padding-bottom: .25rem }
        th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--rule); text-align: left;
          vertical-align: top; font-weight: normal }
        thead th { color: var(--quiet); vertical-align: bottom }
        tbody th { white-space: nowrap }
        .number { text-align: right; white-space: nowrap }
        .scroll { overflow-x: auto; margin: .75rem 0 }
        pre { overflow-x: auto; padding: .75rem; background: var(--shade); border-radius: 4px; line-height: 1.4 }
        code { font: .85rem/1.4 ui-monospace, monospace }
        figure { margin: 1.5rem 0 2rem }
        figcaption { margin: .5rem 0; max-width: 44rem }
        figcaption strong { display: block }
        details { margin: .5rem 0 }
        details > :not(summary) { margin-left: 1rem }
        summary { cursor: pointer; color: var(--link) }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .75rem 0 }
        dt { color: var(--quiet) }
        dd { margin: 0; min-width: 0 }
        @media (max-width: 40rem) {
          dl { grid-template-columns: 1fr }
        }
        @media print {
          :root { --page: #ffffff; --text: #000000; --quiet: #444444; --rule: #bbbbbb; --shade: #f4f5f7;
            --link: #000000; --notice: #000000; color-scheme: light }
          body { max-width: none; padding: 0; font-size: 10pt }
          nav, details:not([open]) { display: none }
          h2 { break-after: avoid }
          figcaption { break-before: avoid }
          figure, tr { break-inside: avoid }
          figure svg.figure-drawing { max-width: 28rem }
          table { font-size: 8pt }
          .scroll { overflow: visible }
          pre { white-space: pre-wrap; overflow-wrap: anywhere }
        }

        """
}
