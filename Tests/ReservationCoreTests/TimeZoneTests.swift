import Glibc
import SeededRandom
import Testing

@testable import ReservationCore

/// Reads a compiled zone of the system, as the daemon does.
private func zone(_ name: String) throws -> TimeZoneRules {
    let bytes = try #require(zoneFile(name))
    return try #require(TimeZoneRules(tzif: bytes))
}

private func zoneFile(_ name: String) -> [UInt8]? {
    let descriptor = open("/usr/share/zoneinfo/\(name)", O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? Array(bytes.prefix(count)) : nil
}

private let hasZones = access("/usr/share/zoneinfo/Europe/Berlin", R_OK) == 0

/// Expected values are those of Python's `zoneinfo` (`fold=0`, which reads gaps and overlaps as RFC 5545 does).
@Suite("Time zones", .enabled(if: hasZones, "the system has no zone database (package tzdata)"))
struct TimeZoneTests {
    @Test("a time on the clock is the instant that the zone's rules say, in gaps, overlaps and far years too", arguments: instants)
    func instant(name: String, local: String, expected: Int64) throws {
        let date = try #require(CalendarDate(local.prefix(10)))
        let time = try #require(TimeOfDay(local.suffix(8)))
        #expect(try zone(name).instant(of: date, time).seconds == expected)
    }

    @Test("the offset changes at the second of a transition", arguments: transitions)
    func transition(name: String, at seconds: Int64, before: Int64, after: Int64) throws {
        let rules = try zone(name)
        #expect(rules.offset(at: Instant(seconds: seconds - 1)) == before)
        #expect(rules.offset(at: Instant(seconds: seconds)) == after)
    }

    @Test("today is the zone's own day")
    func today() throws {
        // 2026-11-23T11:30:00Z
        let noon = Instant(seconds: 1_795_433_400)
        #expect(try zone("Pacific/Auckland").date(at: noon)?.description == "2026-11-24")
        #expect(try zone("Pacific/Honolulu").date(at: noon)?.description == "2026-11-23")
        #expect(TimeZoneRules.utc.date(at: noon)?.description == "2026-11-23")
        #expect(TimeZoneRules.utc.date(at: Instant(seconds: 0)) == nil)
    }

    @Test("a clock time that exists once comes back from its instant, on every day of fifty years")
    func roundTrip() throws {
        let rules = try zone("Europe/Berlin")
        let noon = try #require(TimeOfDay(hour: 12, minute: 0))
        for day in 18_000..<(18_000 + 50 * 365) {
            let date = try #require(CalendarDate(dayNumber: day))
            let instant = rules.instant(of: date, noon)
            #expect(rules.date(at: instant) == date)
            #expect((instant.seconds + rules.offset(at: instant)) % 86_400 == 43_200)
        }
    }

    @Test("no truncated zone file is accepted or crashes", arguments: ["Europe/Berlin", "Asia/Kolkata", "UTC"])
    func truncated(name: String) throws {
        let bytes = try #require(zoneFile(name))
        for count in 0..<bytes.count {
            #expect(TimeZoneRules(tzif: Array(bytes.prefix(count))) == nil, "\(count) of \(bytes.count) bytes")
        }
    }

    @Test(
        "a zone file with random bytes changed is refused or read, and never crashes",
        arguments: ["Europe/Berlin", "Africa/Casablanca", "UTC"])
    func flipped(name: String) throws {
        let bytes = try #require(zoneFile(name))
        var generator = SeededGenerator(seed: 1)
        let date = try #require(CalendarDate(year: 2026, month: 3, day: 29))
        let time = try #require(TimeOfDay(hour: 2, minute: 30))
        for _ in 0..<3000 {
            var damaged = bytes
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let rules = TimeZoneRules(tzif: damaged) else { continue }
            for seconds in [0, 1_774_746_000, 4_102_444_800, 7_258_118_399] as [Int64] {
                #expect((-700_000...700_000).contains(rules.offset(at: Instant(seconds: seconds))))
            }
            _ = rules.instant(of: date, time)
        }
    }

    @Test(
        "bytes that are no zone file are refused",
        arguments: [[], Array("TZif".utf8), [UInt8](repeating: 0xFF, count: 4096), [UInt8](repeating: 0, count: 44)])
    func noZone(bytes: [UInt8]) {
        #expect(TimeZoneRules(tzif: bytes) == nil)
    }

    @Test("counts that promise more than the file holds are refused")
    func largeCounts() throws {
        let bytes = try #require(zoneFile("Europe/Berlin"))
        for field in 20..<44 {
            var damaged = bytes
            damaged[field] = 0xFF
            #expect(TimeZoneRules(tzif: damaged) == nil || damaged == bytes, "byte \(field)")
        }
    }

    static let instants: [(String, String, Int64)] = [
        // Europe/Berlin
        ("Europe/Berlin", "2026-01-15T12:00:00", 1_768_474_800),
        ("Europe/Berlin", "2026-07-15T12:00:00", 1_784_109_600),
        ("Europe/Berlin", "2026-03-29T01:59:59", 1_774_745_999),
        ("Europe/Berlin", "2026-03-29T02:00:00", 1_774_746_000),
        ("Europe/Berlin", "2026-03-29T02:30:00", 1_774_747_800),
        ("Europe/Berlin", "2026-03-29T03:00:00", 1_774_746_000),
        ("Europe/Berlin", "2026-10-25T01:59:59", 1_792_886_399),
        ("Europe/Berlin", "2026-10-25T02:00:00", 1_792_886_400),
        ("Europe/Berlin", "2026-10-25T02:59:59", 1_792_889_999),
        ("Europe/Berlin", "2026-10-25T03:00:00", 1_792_893_600),
        ("Europe/Berlin", "2000-01-01T00:00:00", 946_681_200),
        ("Europe/Berlin", "2037-12-31T23:59:59", 2_145_913_199),
        ("Europe/Berlin", "2038-03-28T02:15:00", 2_153_351_700),
        ("Europe/Berlin", "2100-01-15T12:00:00", 4_103_694_000),
        ("Europe/Berlin", "2100-03-28T02:30:00", 4_109_880_600),
        ("Europe/Berlin", "2100-07-15T12:00:00", 4_119_328_800),
        ("Europe/Berlin", "2100-10-31T02:30:00", 4_128_625_800),
        // America/New_York
        ("America/New_York", "2006-04-02T02:30:00", 1_143_963_000),
        ("America/New_York", "2006-10-29T01:30:00", 1_162_099_800),
        ("America/New_York", "2007-03-11T02:30:00", 1_173_598_200),
        ("America/New_York", "2007-11-04T01:30:00", 1_194_154_200),
        ("America/New_York", "2026-03-08T01:59:59", 1_772_953_199),
        ("America/New_York", "2026-03-08T02:00:00", 1_772_953_200),
        ("America/New_York", "2026-03-08T02:59:59", 1_772_956_799),
        ("America/New_York", "2026-03-08T03:00:00", 1_772_953_200),
        ("America/New_York", "2026-11-01T00:59:59", 1_793_509_199),
        ("America/New_York", "2026-11-01T01:00:00", 1_793_509_200),
        ("America/New_York", "2026-11-01T01:59:59", 1_793_512_799),
        ("America/New_York", "2026-11-01T02:00:00", 1_793_516_400),
        ("America/New_York", "2026-12-31T23:59:59", 1_798_779_599),
        ("America/New_York", "2100-03-14T02:30:00", 4_108_692_600),
        ("America/New_York", "2100-07-04T12:00:00", 4_118_400_000),
        ("America/New_York", "2100-11-07T01:30:00", 4_129_248_600),
        // Asia/Kolkata
        ("Asia/Kolkata", "2000-02-29T00:00:00", 951_762_600),
        ("Asia/Kolkata", "2026-06-30T23:59:59", 1_782_844_199),
        ("Asia/Kolkata", "2100-12-31T12:34:56", 4_133_919_896),
        // Australia/Lord_Howe
        ("Australia/Lord_Howe", "2026-01-15T12:00:00", 1_768_438_800),
        ("Australia/Lord_Howe", "2026-04-05T01:29:59", 1_775_312_999),
        ("Australia/Lord_Howe", "2026-04-05T01:30:00", 1_775_313_000),
        ("Australia/Lord_Howe", "2026-04-05T01:59:59", 1_775_314_799),
        ("Australia/Lord_Howe", "2026-04-05T02:00:00", 1_775_316_600),
        ("Australia/Lord_Howe", "2026-07-01T12:00:00", 1_782_869_400),
        ("Australia/Lord_Howe", "2026-10-04T01:59:59", 1_791_041_399),
        ("Australia/Lord_Howe", "2026-10-04T02:00:00", 1_791_041_400),
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", 1_791_042_300),
        ("Australia/Lord_Howe", "2026-10-04T02:30:00", 1_791_041_400),
        ("Australia/Lord_Howe", "2100-01-01T00:00:00", 4_102_405_200),
        ("Australia/Lord_Howe", "2100-07-01T00:00:00", 4_118_045_400),
        // America/St_Johns
        ("America/St_Johns", "2006-04-02T00:01:00", 1_143_948_660),
        ("America/St_Johns", "2006-04-02T00:30:00", 1_143_950_400),
        ("America/St_Johns", "2006-10-29T00:00:30", 1_162_089_030),
        ("America/St_Johns", "2010-11-06T23:30:00", 1_289_095_200),
        ("America/St_Johns", "2010-11-07T00:00:30", 1_289_097_030),
        ("America/St_Johns", "2011-03-13T00:01:00", 1_299_987_060),
        ("America/St_Johns", "2011-11-06T01:30:00", 1_320_552_000),
        ("America/St_Johns", "2026-03-08T02:30:00", 1_772_949_600),
        ("America/St_Johns", "2026-07-15T12:00:00", 1_784_125_800),
        ("America/St_Johns", "2026-11-01T01:30:00", 1_793_505_600),
        ("America/St_Johns", "2100-12-01T00:00:00", 4_131_315_000),
        // Africa/Casablanca
        ("Africa/Casablanca", "2008-06-01T00:30:00", 1_212_280_200),
        ("Africa/Casablanca", "2012-07-20T02:30:00", 1_342_747_800),
        ("Africa/Casablanca", "2018-10-28T02:30:00", 1_540_690_200),
        ("Africa/Casablanca", "2019-05-05T02:30:00", 1_557_019_800),
        ("Africa/Casablanca", "2019-06-09T02:30:00", 1_560_047_400),
        ("Africa/Casablanca", "2024-03-10T02:30:00", 1_710_034_200),
        ("Africa/Casablanca", "2024-03-20T12:00:00", 1_710_936_000),
        ("Africa/Casablanca", "2024-04-14T02:30:00", 1_713_061_800),
        ("Africa/Casablanca", "2025-01-15T12:00:00", 1_736_938_800),
        ("Africa/Casablanca", "2025-03-10T12:00:00", 1_741_608_000),
        // Pacific/Apia
        ("Pacific/Apia", "2010-09-26T00:30:00", 1_285_500_600),
        ("Pacific/Apia", "2011-04-02T03:30:00", 1_301_751_000),
        ("Pacific/Apia", "2011-12-29T23:59:59", 1_325_239_199),
        ("Pacific/Apia", "2011-12-30T00:00:00", 1_325_239_200),
        ("Pacific/Apia", "2011-12-30T12:00:00", 1_325_282_400),
        ("Pacific/Apia", "2011-12-30T23:59:59", 1_325_325_599),
        ("Pacific/Apia", "2011-12-31T00:00:00", 1_325_239_200),
        ("Pacific/Apia", "2011-12-31T12:00:00", 1_325_282_400),
        ("Pacific/Apia", "2020-12-01T12:00:00", 1_606_773_600),
        ("Pacific/Apia", "2021-04-04T03:30:00", 1_617_456_600),
        ("Pacific/Apia", "2026-07-01T12:00:00", 1_782_860_400),
        ("Pacific/Apia", "2100-01-01T00:00:00", 4_102_398_000),
        // Europe/Dublin
        ("Europe/Dublin", "2026-01-15T12:00:00", 1_768_478_400),
        ("Europe/Dublin", "2026-03-29T00:59:59", 1_774_745_999),
        ("Europe/Dublin", "2026-03-29T01:00:00", 1_774_746_000),
        ("Europe/Dublin", "2026-03-29T01:30:00", 1_774_747_800),
        ("Europe/Dublin", "2026-03-29T02:00:00", 1_774_746_000),
        ("Europe/Dublin", "2026-07-15T12:00:00", 1_784_113_200),
        ("Europe/Dublin", "2026-10-25T00:59:59", 1_792_886_399),
        ("Europe/Dublin", "2026-10-25T01:00:00", 1_792_886_400),
        ("Europe/Dublin", "2026-10-25T01:59:59", 1_792_889_999),
        ("Europe/Dublin", "2026-10-25T02:00:00", 1_792_893_600),
        ("Europe/Dublin", "2100-01-15T12:00:00", 4_103_697_600),
        ("Europe/Dublin", "2100-07-15T12:00:00", 4_119_332_400),
        // UTC
        ("UTC", "2000-01-01T00:00:00", 946_684_800),
        ("UTC", "2026-06-01T12:00:00", 1_780_315_200),
        ("UTC", "2199-12-31T23:59:59", 7_258_118_399),
    ]

    static let transitions: [(String, Int64, Int64, Int64)] = [
        ("Europe/Berlin", 954_032_400, 3600, 7200),
        ("Europe/Berlin", 972_781_200, 7200, 3600),
        ("Europe/Berlin", 1_143_334_800, 3600, 7200),
        ("Europe/Berlin", 1_162_083_600, 7200, 3600),
        ("Europe/Berlin", 1_301_187_600, 3600, 7200),
        ("Europe/Berlin", 1_319_936_400, 7200, 3600),
        ("Europe/Berlin", 4_109_878_800, 3600, 7200),
        ("Europe/Berlin", 4_128_627_600, 7200, 3600),
        ("America/New_York", 954_658_800, -18000, -14400),
        ("America/New_York", 972_799_200, -14400, -18000),
        ("America/New_York", 1_143_961_200, -18000, -14400),
        ("America/New_York", 1_162_101_600, -14400, -18000),
        ("America/New_York", 1_299_999_600, -18000, -14400),
        ("America/New_York", 1_320_559_200, -14400, -18000),
        ("America/New_York", 4_108_690_800, -18000, -14400),
        ("America/New_York", 4_129_250_400, -14400, -18000),
        ("Australia/Lord_Howe", 953_996_400, 39600, 37800),
        ("Australia/Lord_Howe", 967_303_800, 37800, 39600),
        ("Australia/Lord_Howe", 1_143_903_600, 39600, 37800),
        ("Australia/Lord_Howe", 1_162_049_400, 37800, 39600),
        ("Australia/Lord_Howe", 1_301_756_400, 39600, 37800),
        ("Australia/Lord_Howe", 1_317_483_000, 37800, 39600),
        ("Australia/Lord_Howe", 4_110_447_600, 39600, 37800),
        ("Australia/Lord_Howe", 4_126_174_200, 37800, 39600),
        ("America/St_Johns", 954_646_260, -12600, -9000),
        ("America/St_Johns", 972_786_660, -9000, -12600),
        ("America/St_Johns", 1_143_948_660, -12600, -9000),
        ("America/St_Johns", 1_162_089_060, -9000, -12600),
        ("America/St_Johns", 1_299_987_060, -12600, -9000),
        ("America/St_Johns", 1_320_553_800, -9000, -12600),
        ("America/St_Johns", 4_108_685_400, -12600, -9000),
        ("America/St_Johns", 4_129_245_000, -9000, -12600),
        ("Africa/Casablanca", 1_301_788_800, 0, 3600),
        ("Africa/Casablanca", 1_312_066_800, 3600, 0),
        ("Africa/Casablanca", 1_521_943_200, 0, 3600),
        ("Africa/Casablanca", 1_526_176_800, 3600, 0),
        ("Africa/Casablanca", 1_529_200_800, 0, 3600),
        ("Africa/Casablanca", 1_710_036_000, 3600, 0),
        ("Pacific/Apia", 1_301_752_800, -36000, -39600),
        ("Pacific/Apia", 1_316_872_800, -39600, -36000),
        ("Pacific/Apia", 1_325_239_200, -36000, 50400),
        ("Europe/Dublin", 954_032_400, 0, 3600),
        ("Europe/Dublin", 972_781_200, 3600, 0),
        ("Europe/Dublin", 1_143_334_800, 0, 3600),
        ("Europe/Dublin", 1_162_083_600, 3600, 0),
        ("Europe/Dublin", 1_301_187_600, 0, 3600),
        ("Europe/Dublin", 1_319_936_400, 3600, 0),
        ("Europe/Dublin", 4_109_878_800, 0, 3600),
        ("Europe/Dublin", 4_128_627_600, 3600, 0),
    ]
}
