import Testing

@testable import ReservationCore

/// The last line of a zone file, as the POSIX `TZ` variable has it.
@Suite("Rules for ever")
struct PosixTimeZoneTests {
    private func offset(_ rule: String, at seconds: Int64) -> Int64? {
        PosixTimeZone(Array(rule.utf8)[...])?.offset(at: seconds)
    }

    @Test(
        "all forms of a rule",
        arguments: [
            // 2026-01-15T12:00:00Z and 2026-07-15T12:00:00Z.
            ("UTC0", 0, 0), ("IST-5:30", 19_800, 19_800), ("<+0545>-5:45", 20_700, 20_700), ("<-0330>3:30:15", -12_615, -12_615),
            ("CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200), ("EST5EDT,M3.2.0,M11.1.0", -18_000, -14_400),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", 0, 3600), ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 39_600, 37_800),
            ("EST5EDT4,J60/2,J300/2", -18_000, -14_400), ("EST5EDT,59,299", -18_000, -14_400),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, -3600), ("ABC-2<+01>-1,0/0,J365/23", 3600, 3600),
        ] as [(String, Int64, Int64)])
    func forms(rule: String, winter: Int64, summer: Int64) {
        #expect(offset(rule, at: 1_768_478_400) == winter)
        #expect(offset(rule, at: 1_784_116_800) == summer)
    }

    @Test(
        "what is no rule is refused",
        arguments: [
            "", "C", "CE-1", "CET", "CET-", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,", "CET-1CEST,M13.5.0,M10.5.0",
            "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J366", "CET-1CEST,366,1",
            "CET-168", "CET-1:60", "CET-1CEST,M3.5.0,M10.5.0/3x", "<CET-1", "CET-99999", "CET-1CEST,M3.5.0/200,M10.5.0",
        ])
    func refused(rule: String) {
        #expect(PosixTimeZone(Array(rule.utf8)[...]) == nil)
    }
}
