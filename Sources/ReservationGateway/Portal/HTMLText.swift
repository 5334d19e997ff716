/// Text as it stands in HTML, inside quoted attributes too.
enum HTMLText {
    static func escape(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// JSON inside a `<script>` that is data: `</script>` and `<!--` must not appear (HTML Standard, section 4.12.1.3).
    static func escapeJSON(_ json: String) -> String {
        json.replacing("<", with: "\\u003c")
    }
}
