/// Text that breaks those who put it into commands or pages without quotes.
enum HostileText {
    static let all = [
        "100% of a_b^c {/Bold x}", "it's \"quoted\" 'twice'", "back\\slash \\n \\", "<b>&amp;</b> & <script>",
        "# no comment",
        "`touch PWNED` $(touch PWNED) @macro $data0 END", "two\nlines\tand a tab\r\n", "%d %s %%", "漢字とかな 🎉👩‍👩‍👧",
        "é e\u{301} \u{202e}rtl",
        "nul\u{0}l \u{7f}\u{85}\u{2028}\u{ffff}", "", " ", String(repeating: "long ", count: 200),
        "]]> <!-- --> <?xml ?>",
    ]

    /// As XML can show it in one line.
    static func shown(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.value {
                    case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0xfffe, 0xffff: " "
                    default: scalar
                    }
                }))
    }
}
