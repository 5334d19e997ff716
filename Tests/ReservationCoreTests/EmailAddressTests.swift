import Testing

@testable import ReservationCore

/// validator.js `isEmail` with its defaults is the reference (its own test table is used here), without quoted local parts.
@Suite("E-mail addresses")
struct EmailAddressTests {
    @Test(
        "addresses that are accepted as they stand",
        arguments: [
            "foo@bar.com", "x@x.au", "foo@bar.com.au", "foo+bar@bar.com", "test123+ext@gmail.com", "test|123@example.com",
            "john.doe@example.com", "JOHN.Doe@example.com", "a@b.co", "1@2.de", "o'brien@example.ie", "user%host@example.org",
            "!#$%&'*+-/=?^_`{|}~@example.com", "under_score@example.com", "_@example.com", "-@example.com", "a-@example.com",
            "hans.m端ller@test.com", "δοκιμή@example.com", "я.я@example.com", "user@sub.sub2.example.museum", "user@a-b.example",
            "user@ab--cd.example.com", "user@123.example.com", "user@1and1.com", "user@xn--mnchen-3ya.de", "user@example.xn--p1ai",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",
            "a@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com",
        ])
    func accepted(input: String) {
        #expect(EmailAddress(input)?.text == input)
    }

    @Test(
        "the domain goes to lower case and, beyond ASCII, to punycode; the local part stays as it is",
        arguments: [
            ("Some.Name+Ext@GoogleMail.COM", "Some.Name+Ext@googlemail.com"), ("hans@m端ller.com", "hans@xn--mller-es7m.com"),
            ("Hans@BÜCHER.de", "Hans@xn--bcher-kva.de"), ("a@straße.de", "a@xn--strae-oqa.de"),
            ("a@пример.рф", "a@xn--e1afmkfd.xn--p1ai"), ("δ@παράδειγμα.gr", "δ@xn--hxajbheg2az3al.gr"), ("a@例え.jp", "a@xn--r8jz45g.jp"),
        ])
    func normalized(input: String, text: String) {
        #expect(EmailAddress(input)?.text == text)
    }

    @Test(
        "addresses that are refused",
        arguments: [
            // Without one of the parts.
            "", "@", "foo", "invalid.com", "invalidemail@", "@invalid.com", "foo@bar", "foo@.com", "foo@com.",
            // Dots.
            "foo@bar.com.", "foo@bar.co.uk.", ".foo@bar.com", "foo.@bar.com", "foo..bar@bar.com", "foo@bar..com", "foo@.bar.com",
            // Host labels and top-level domains.
            "foo@_bar.com", "foo@ba_r.com", "foo@-bar.com", "foo@bar-.com", "foo@bar.-com", "z@co.c", "foo@bar.123", "foo@bar.c1",
            "foo@bar.com-", "foo@127.0.0.1", "foo@[127.0.0.1]", "foo@[IPv6:::1]", "somename@ｇｍａｉｌ.com", "foo@b!r.com", "foo@bar,com",
            "foo@bar.com,baz@bar.com", "foo@bar.com;", "foo@bar.©",
            // Quoted local parts, comments and display names are no business of a booking form.
            "\"foobar\"@example.com", "\"foo bar\"@example.com", "\"foobar@gmail.com", "\"foo\"bar@gmail.com", "foo\"bar\"@gmail.com",
            "foo(comment)@bar.com", "foo@bar.com(comment)", "Foo <foo@bar.com>", "<foo@bar.com>", "foo\\@bar@example.com",
            // Characters that are none of an atom.
            "foo bar@bar.com", "foo@bar@bar.com", "foo,bar@bar.com", "foo;bar@bar.com", "foo:bar@bar.com", "foo[bar]@bar.com",
            // Control characters, white space and what cannot be seen.
            " foo@bar.com", "foo@bar.com ", "foo@bar.com\n", "foo\r\nbcc: x@y.com@bar.com", "foo\u{0}@bar.com", "foo\u{7F}@bar.com",
            "foo\t@bar.com", "foo@bar.com\u{0}", "test1@invalid.co\u{A0}m", "test2@invalid.co\u{2003}m", "foo@ba\u{200B}r.com",
            "foo\u{200B}@bar.com", "foo\u{202E}@bar.com", "foo\u{3000}@bar.com", "foo\u{FEFF}@bar.com", "foo\u{AD}@bar.com",
            "nbsp\u{A0}test@test.com", "username@domain.com\u{FFFD}", "username@domain.com©", "foo\u{E000}@bar.com", "foo😀@bar.com",
            // A dot or a hyphen that a combining mark hides from a reading by characters.
            "foo.\u{301}@bar.com", "foo@bar.\u{301}com", "foo@\u{301}",
            // ü as two scalars: encoded so, it would be another host than with the one scalar that DNS knows.
            "hans@mu\u{308}ller.de",
            // Longer than SMTP carries: 65 bytes before the @, a label of 64, 255 in all.
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",
            "ｇｍａｉｌｇｍａｉｌｇｍａｉｌｇｍａｉｌｇｍａｉｌ@gmail.com",
            "a@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com",
        ])
    func refused(input: String) {
        #expect(EmailAddress(input) == nil)
    }

    @Test("the whole address takes 254 bytes, counted as it is stored, and not one more")
    func wholeLength() {
        func address(_ length: Int) -> String {
            let label = String(repeating: "a", count: 63)
            let host = "\(label).\(label).\(label)."
            return "u@\(host)\(String(repeating: "b", count: length - 2 - host.utf8.count - 3)).de"
        }
        #expect(EmailAddress(address(254))?.text.utf8.count == 254)
        #expect(EmailAddress(address(255)) == nil)
    }

    @Test("absurdly long input is refused without being read")
    func absurd() {
        #expect(EmailAddress(String(repeating: "ü", count: 1_000_000) + "@example.com") == nil)
        #expect(EmailAddress("a@" + String(repeating: "ü.", count: 1_000_000) + "com") == nil)
    }

    @Test("whatever is accepted is accepted again as it was stored, and changes no more")
    func idempotent() throws {
        for input in ["Hans@BÜCHER.de", "a@пример.рф", "foo+bar@Bar.com"] {
            let once = try #require(EmailAddress(input))
            #expect(EmailAddress(once.text) == once)
        }
    }

    @Test("for logs the first character and the domain are left")
    func masked() {
        #expect(EmailAddress("john@example.com")?.masked == "j***@example.com")
        #expect(EmailAddress("δοκιμή@example.com")?.masked == "δ***@example.com")
    }
}

/// Section 7.1 of RFC 3492, in lower case where the sample mixes cases.
@Suite("Punycode")
struct PunycodeTests {
    @Test(
        "the samples of RFC 3492",
        arguments: [
            ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"), ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb"), ("pročprostěnemluvíčesky", "proprostnemluvesky-uyb24dma41a"),
            ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
            ("यहलोगहिन्दीक्योंनहींबोलसकतेहैं", "i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd"),
            ("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"),
            (
                "세계의모든사람들이한국어를이해한다면얼마나좋을까",
                "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c"
            ),
            ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
            ("porquénopuedensimplementehablarenespañol", "porqunopuedensimplementehablarenespaol-fmd56a"),
            ("tạisaohọkhôngthểchỉnóitiếngviệt", "tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g"),
            ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"), ("安室奈美恵-with-super-monkeys", "-with-super-monkeys-pc58ag80a8qai00g7n9n"),
            ("hello-another-way-それぞれの場所", "hello-another-way--fc4qua05auwb3674vfr0b"), ("ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"),
            ("majiでkoiする5秒前", "majikoi5-783gue6qz075azm5e"), ("パフィーdeルンバ", "de-jg4avhby1noc0d"), ("そのスピードで", "d9juau41awczczp"),
        ])
    func samples(label: String, encoded: String) {
        #expect(Punycode.asciiLabel(label) == "xn--" + encoded)
    }

    @Test("ASCII is left alone", arguments: ["", "a", "example", "-> $1.00 <-"])
    func ascii(label: String) {
        #expect(Punycode.asciiLabel(label) == label)
    }

    @Test("64 characters cannot fit in a label and are not encoded")
    func tooLong() {
        #expect(Punycode.asciiLabel(String(repeating: "ü", count: 63)) != nil)
        #expect(Punycode.asciiLabel(String(repeating: "ü", count: 64)) == nil)
    }

    @Test("the widest jumps between characters do not overflow")
    func wide() {
        let label = String(repeating: "\u{80}", count: 62) + "\u{10FFFF}"
        #expect(Punycode.asciiLabel(label) != nil)
    }
}
