/// Ties an opcode to what is asked and answered, so that a client offers `call(CreateReservation.self, request)`.
package protocol Operation {
    /// What is asked.
    associatedtype Request: WireMessage
    /// What success answers.
    associatedtype Response: WireMessage
    /// Its number on the wire.
    static var opcode: Opcode { get }
}
