import ReservationCore

/// A confirmation as a page for mail programs.
///
/// Tables and styles in the elements, since there are programs that know no others. The style sheet in the head serves those that do: for
/// a dark scheme, and for narrow screens. Nothing is loaded from elsewhere; the picture comes with the message.
struct ConfirmationHTML {
    let source: String

    /// - Parameter pictureID: Content-ID of the QR code; nil where there is nothing to show at the entrance.
    init(_ delivery: Delivery, _ language: MailLanguage, pictureID: String?) {
        let wording = language.wording
        let organization = delivery.organization
        let accent = ReadableAccent(organization.accentColor)
        let html: HTML = """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)" dir="ltr">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="supported-color-schemes" content="light dark">
            <meta name="format-detection" content="telephone=no, date=no, address=no">
            <title>\(wording.heading(delivery.purpose))</title>
            <style>
            :root { color-scheme: light dark; supported-color-schemes: light dark; }
            \(Self.darkRules(accent, selector: { $0 }, media: true))
            \(Self.darkRules(accent, selector: { "[data-ogsc] \($0)" }, media: false))
            @media (max-width: 480px) { .card { padding: 20px !important; } }
            </style>
            </head>
            <body class="page" style="margin:0;padding:0;background-color:#f3f4f6;">
            <div style="display:none;max-height:0;overflow:hidden;">\(wording.when(delivery.visit))</div>
            <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f3f4f6;">
            <tr><td align="center" style="padding:24px 12px;">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;">
            <tr><td class="band" height="6" style="height:6px;line-height:6px;font-size:6px;background-color:\(accent.light.css);">&nbsp;</td></tr>
            <tr><td class="card text" style="padding:32px;background-color:#ffffff;color:#1c1f24;\(Self.font)font-size:16px;line-height:24px;">
            <p class="accent" style="margin:0 0 4px;color:\(accent.light.css);font-weight:bold;">\(organization.name.text)</p>
            <h1 style="margin:0 0 20px;font-size:24px;line-height:32px;">\(wording.heading(delivery.purpose))</h1>
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
            \(Self.row(wording.dateLabel, wording.date(delivery.visit.date)))
            \(Self.row(wording.timeLabel, wording.timeRange(delivery.visit)))
            \(Self.row(wording.reservationLabel, "\(delivery.reservation)"))
            </table>
            \(pictureID.map { Self.code(delivery, wording, pictureID: $0) } ?? Self.cancelled(wording))
            \(Self.contact(organization, wording, accent))
            </td></tr>
            <tr><td class="muted" style="padding:16px 32px;color:#575e68;\(Self.font)font-size:13px;line-height:18px;">\(wording.reason)</td></tr>
            </table>
            </td></tr>
            </table>
            </body>
            </html>

            """
        source = html.source
    }

    private static func code(_ delivery: Delivery, _ wording: any Wording, pictureID: String) -> HTML {
        """
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0;">
        <tr><td align="center">
        <img src="cid:\(pictureID)" width="264" height="264" alt="\(wording.pictureDescription)" \
        style="display:block;width:264px;height:264px;border:0;background-color:#ffffff;">
        <p class="muted" style="margin:12px 0 0;color:#575e68;font-size:14px;line-height:20px;">\(wording.codeLabel)</p>
        <p style="margin:0;font-family:Consolas,Menlo,monospace;font-size:18px;line-height:26px;font-weight:bold;">\
        \(delivery.ticketCode.text)</p>
        </td></tr>
        </table>
        <p style="margin:0 0 8px;">\(wording.showCode)</p>
        <p style="margin:0;">\(wording.calendarAttached)</p>
        """
    }

    private static func cancelled(_ wording: any Wording) -> HTML {
        """
        <p style="margin:24px 0 0;">\(wording.cancelledText)</p>
        """
    }

    private static let font: HTML = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"

    /// - Parameter selector: what a class's selector becomes. Outlook's own dark scheme goes by an attribute and not by the media query.
    private static func darkRules(_ accent: ReadableAccent, selector: (String) -> String, media: Bool) -> HTML {
        let rules: [(String, String)] = [
            (".page", "background-color: #14161a"), (".card", "background-color: \(ReadableAccent.darkCard.css)"),
            (".text", "color: #eceef1"), (".muted", "color: #a9b0ba"), (".accent", "color: \(accent.dark.css)"),
            (".band", "background-color: \(accent.dark.css)"),
        ]
        let css = rules.map { "\(selector($0)) { \($1) !important; }" }.joined(separator: " ")
        return HTML(stringLiteral: media ? "@media (prefers-color-scheme: dark) { \(css) }" : css)
    }

    private static func row(_ label: String, _ value: String) -> HTML {
        """
        <tr>
        <td class="muted" valign="top" style="padding:4px 16px 4px 0;color:#575e68;white-space:nowrap;">\(label)</td>
        <td width="100%" style="padding:4px 0;font-weight:bold;">\(value)</td>
        </tr>
        """
    }

    private static func contact(_ organization: OrganizationCard, _ wording: any Wording, _ accent: ReadableAccent) -> HTML {
        var links: [HTML] = []
        if let email = organization.contactEmail { links.append(link("mailto:\(URLText.path(email.text))", email.text, accent)) }
        if let phone = organization.contactPhone { links.append(link("tel:\(phone)", phone.text, accent)) }
        if let website = organization.website { links.append(link(website.text, website.text, accent)) }
        guard !links.isEmpty else { return .empty }
        let list = links.dropFirst().reduce(links[0]) { $0 + "<br>" + $1 }
        return """
            <p style="margin:20px 0 0;"><strong>\(wording.questions)</strong><br>\(list)</p>
            """
    }

    private static func link(_ address: String, _ text: String, _ accent: ReadableAccent) -> HTML {
        """
        <a class="accent" href="\(address)" style="color:\(accent.light.css);">\(text)</a>
        """
    }
}
