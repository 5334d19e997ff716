/// Ties an opcode to what is asked and answered, so that a client offers `call(CreateReservation.self, request)`.
package protocol Operation {
    associatedtype Request: WireMessage
    associatedtype Response: WireMessage
    static var opcode: Opcode { get }
}
