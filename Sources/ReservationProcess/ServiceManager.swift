import CSystemd
import NIOCore

/// What a program tells systemd (sd_notify(3)). Every call is harmless where nobody listens.
package enum ServiceManager {
    package static func ready(status: String) { notify("READY=1\nSTATUS=\(status)") }
    package static func stopping(status: String) { notify("STOPPING=1\nSTATUS=\(status)") }
    package static func status(_ text: String) { notify("STATUS=\(text)") }
    package static func alive() { notify("WATCHDOG=1") }

    /// How often systemd wants to hear that the service lives (`WatchdogSec=`); nil when it does not.
    package static var watchdogInterval: TimeAmount? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    private static func notify(_ state: String) {
        // A sign of life takes a socket. Without the reserve, a program that is only full would be taken for dead and be killed.
        _ = try? DescriptorReserve.shared.run { () throws(DescriptorsExhausted) in
            // 0: the environment is kept; the watchdog needs it again.
            let result = sd_notify(0, state)
            if let exhausted = DescriptorsExhausted(errno: -result) { throw exhausted }
        }
    }
}
