/// Everything that happened to a disk, so that the power can fail at any moment of it afterwards without running it again.
package struct DiskRecording: Sendable {
    package let start: DiskState
    package let events: [DiskEvent]
}
