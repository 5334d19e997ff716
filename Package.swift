// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every target: Swift 6 mode, no warning tolerated, `any` spelled out.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

let package = Package(
    name: "reservation-portal",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "reservationd", targets: ["reservationd"]),
        .executable(name: "reservation-gateway", targets: ["reservation-gateway"]),
        .executable(name: "reservation-mailer", targets: ["reservation-mailer"]),
        .executable(name: "reservationctl", targets: ["reservationctl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.5.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.86.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.8.0"),
    ],
    targets: [
        // Debian's libraries.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        // SQLite's log written in few calls.
        .target(name: "CCoalescingVFS", dependencies: ["CSQLite"]),

        // The rules and the words, from the inside out.
        .target(name: "ReservationCore", swiftSettings: strict),
        .target(name: "ReservationWire", dependencies: ["ReservationCore", nioCore], swiftSettings: strict),
        .target(name: "ReservationStore", dependencies: ["ReservationCore", "CCoalescingVFS", "CSQLite"], swiftSettings: strict),
        .target(
            name: "ReservationProcess", dependencies: ["ReservationLog", "CSystemd", nioCore, logging], swiftSettings: strict),
        .target(name: "ReservationLog", dependencies: ["CSystemd", logging], swiftSettings: strict),
        .target(name: "ReservationMetrics", dependencies: [coreMetrics], swiftSettings: strict),
        .target(name: "ReservationQR", dependencies: ["ReservationCore", "CQREncode", "CZlib"], swiftSettings: strict),

        // The programs' bodies.
        .target(
            name: "ReservationDaemon",
            dependencies: [
                "ReservationCore", "ReservationWire", "ReservationStore", "ReservationProcess", "ReservationLog", "ReservationMetrics",
                coreMetrics, nioCore,
                nioPosix, logging, lifecycle,
            ],
            swiftSettings: strict),
        .target(
            name: "ReservationClient",
            dependencies: ["ReservationCore", "ReservationWire", nioCore, nioPosix],
            swiftSettings: strict),
        .target(
            name: "ReservationGateway",
            dependencies: [
                "ReservationCore", "ReservationWire", "ReservationClient", "ReservationProcess", "ReservationQR", "ReservationLog",
                "ReservationMetrics", coreMetrics, nioCore, "CZlib", nioPosix, nioHTTP1, logging, lifecycle, hummingbird,
            ],
            resources: [.embedInCode("Portal/Page"), .embedInCode("Metrics/Page")],
            swiftSettings: strict),
        .target(
            name: "ReservationMailer",
            dependencies: [
                "ReservationCore", "ReservationWire", "ReservationClient", "ReservationProcess", "ReservationLog", "ReservationQR",
                "ReservationMetrics", "CCurl", coreMetrics, nioCore, nioPosix, logging, lifecycle,
            ],
            swiftSettings: strict),
        .target(
            name: "ReservationControl",
            dependencies: ["ReservationCore", "ReservationWire", "ReservationClient", nioCore, argumentParser],
            swiftSettings: strict),

        // `main` only: parse, wire together, run.
        .executableTarget(
            name: "reservationd",
            dependencies: [
                "ReservationCore", "ReservationDaemon", "ReservationStore", "ReservationProcess", "ReservationLog", "ReservationMetrics",
                coreMetrics, argumentParser, lifecycle, logging,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "reservation-gateway",
            dependencies: [
                "ReservationCore", "ReservationGateway", "ReservationClient", "ReservationProcess", "ReservationLog", "ReservationMetrics",
                coreMetrics, argumentParser, lifecycle, logging,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "reservation-mailer",
            dependencies: [
                "ReservationCore", "ReservationClient", "ReservationMailer", "ReservationProcess", "ReservationLog", "ReservationMetrics",
                coreMetrics, nioPosix, argumentParser, lifecycle, logging,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "reservationctl",
            dependencies: ["ReservationControl"],
            swiftSettings: strict),

        // The benchmark, for developers: not installed.
        .systemLibrary(name: "CEpoll"),
        .target(
            name: "ReservationBench",
            dependencies: ["ReservationCore", "ReservationWire", "ReservationClient", "CEpoll", nioCore, argumentParser, histogram],
            swiftSettings: strict),
        .executableTarget(name: "reservation-bench", dependencies: ["ReservationBench"], swiftSettings: strict),
        .executableTarget(
            name: "reservation-bench-cost",
            dependencies: [
                "ReservationCore", "ReservationWire", "ReservationStore", "ReservationDaemon", "ReservationLog", nioCore, logging,
            ],
            swiftSettings: strict),
        .executableTarget(name: "reservation-bench-route", dependencies: [hummingbird], swiftSettings: strict),

        // Chance that can be repeated, for tests.
        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),

        // A disk for SQLite that fails and forgets as a test wants it.
        .target(name: "StorageFaults", dependencies: ["SeededRandom", "CSQLite"], path: "Tests/StorageFaults", swiftSettings: strict),

        .testTarget(name: "ReservationCoreTests", dependencies: ["ReservationCore", "SeededRandom"], swiftSettings: strict),
        .testTarget(
            name: "ReservationWireTests", dependencies: ["ReservationWire", "ReservationCore", "SeededRandom", nioCore],
            swiftSettings: strict),
        .testTarget(
            name: "ReservationStoreTests",
            dependencies: ["ReservationStore", "ReservationCore", "StorageFaults", "SeededRandom", "CCoalescingVFS", "CSQLite"],
            swiftSettings: strict),
        .testTarget(
            name: "ReservationProcessTests", dependencies: ["ReservationProcess", nioCore, nioPosix, logging], swiftSettings: strict),
        .testTarget(name: "ReservationLogTests", dependencies: ["ReservationLog", logging], swiftSettings: strict),
        .testTarget(name: "ReservationMetricsTests", dependencies: ["ReservationMetrics", coreMetrics], swiftSettings: strict),
        .testTarget(
            name: "ReservationQRTests", dependencies: ["ReservationQR", "ReservationCore", "SeededRandom", "CQREncode", "CZlib"],
            swiftSettings: strict),
        .testTarget(
            name: "ReservationDaemonTests",
            dependencies: [
                "ReservationDaemon", "ReservationStore", "ReservationWire", "ReservationCore", "ReservationLog", "ReservationMetrics",
                "StorageFaults", "SeededRandom", nioCore, nioPosix, nioEmbedded, logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReservationSimulationTests",
            dependencies: [
                "ReservationDaemon", "ReservationClient", "ReservationStore", "ReservationWire", "ReservationCore", "SeededRandom", nioCore,
                logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReservationClientTests",
            dependencies: ["ReservationClient", "ReservationWire", "ReservationCore", "SeededRandom", nioCore, nioPosix],
            swiftSettings: strict),
        .testTarget(
            name: "ReservationControlTests",
            dependencies: [
                "ReservationControl", "ReservationClient", "ReservationWire", "ReservationCore", nioCore, nioPosix, argumentParser,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReservationMailerTests",
            dependencies: [
                "ReservationMailer", "ReservationCore", "ReservationLog", "ReservationQR", "ReservationMetrics", "SeededRandom", "CCurl",
                nioCore, logging, lifecycle,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReservationBenchTests", dependencies: ["ReservationBench", "ReservationWire", nioCore], swiftSettings: strict),
        .testTarget(
            name: "ReservationGatewayTests",
            dependencies: [
                "ReservationGateway", "ReservationClient", "ReservationWire", "ReservationCore", "ReservationLog", "ReservationMetrics",
                nioCore, logging, lifecycle,
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// What Tests/Fuzzing fuzzes sees the modules' internals. In an ordinary build it is tests that replay the corpus; where fuzz.sh asks for it,
// a program with libFuzzer's main.
let isFuzzing = Context.environment["RESERVATION_FUZZ"] == "1"
let fuzzed: [Target.Dependency] = [
    "ReservationCore", "ReservationMetrics", "ReservationWire", "ReservationDaemon", "ReservationClient", "ReservationGateway",
    "ReservationControl", nioCore,
    nioEmbedded, nioHTTP1, logging,
]
let besides = ["Corpus", "Dictionaries", "corpus.py", "fuzz.sh", "seeds.py"] + [isFuzzing ? "Replay" : "Program"]
package.targets.append(
    isFuzzing
        ? .executableTarget(
            name: "reservation-fuzz", dependencies: fuzzed, path: "Tests/Fuzzing", exclude: besides, swiftSettings: strict)
        : .testTarget(name: "FuzzingTests", dependencies: fuzzed, path: "Tests/Fuzzing", exclude: besides, swiftSettings: strict))

// The fuzzing program leaves out what only carries out: the packages for it take minutes to build with a sanitizer.
let leftOut = [
    "ReservationDaemon": ["Process/Daemon.swift"],
    "ReservationGateway": [
        "HTTP/GatewayChannel.swift", "HTTP/EventStream.swift", "HTTP/GatewayServer.swift", "HTTP/HTTPListener.swift",
        "HTTP/HTTPTranslation.swift", "HTTP/MetricsServer.swift",
    ],
    "ReservationControl": ["Commands", "ControlProgram.swift"],
]
for target in package.targets where isFuzzing {
    guard let files = leftOut[target.name] else { continue }
    target.exclude = files
    target.dependencies.removeAll { dependency in
        guard case .productItem(let name, _, _, _) = dependency else { return false }
        return ["ArgumentParser", "Hummingbird", "ServiceLifecycle"].contains(name)
    }
}
