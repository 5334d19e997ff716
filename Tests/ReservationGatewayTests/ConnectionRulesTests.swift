import Testing

@testable import ReservationGateway

@Suite("When an HTTP connection ends")
struct ConnectionRulesTests {
    private func request(_ rules: inout ConnectionRules, _ persistence: ConnectionRules.Persistence = .persistent) {
        rules.requestBegan(persistence)
        rules.requestEnded()
    }

    @Test("it lives on after whole requests")
    func persistent() {
        var rules = ConnectionRules()
        for _ in 0..<3 {
            request(&rules)
            #expect(rules.answerBegins() == .nothing)
            #expect(rules.answerEnded() == .goOn)
        }
        #expect(rules.acceptsInput)
    }

    @Test("it ends after the answer to a request that says so, and nothing after that request is read")
    func closing() {
        var rules = ConnectionRules()
        request(&rules, .closing)
        #expect(rules.answerBegins() == .close)
        #expect(!rules.acceptsInput)
        #expect(rules.answerEnded() == .close)
    }

    @Test("HTTP/1.0 hears that its connection is kept")
    func confirmed() {
        var rules = ConnectionRules()
        request(&rules, .confirmed)
        #expect(rules.answerBegins() == .keepAlive)
        #expect(rules.answerEnded() == .goOn)
    }

    @Test("of several waiting requests the last decides, when its turn comes")
    func pipelining() {
        var rules = ConnectionRules()
        request(&rules)
        request(&rules)
        request(&rules, .closing)
        #expect(rules.answerBegins() == .nothing)
        #expect(rules.answerEnded() == .goOn)
        #expect(rules.answerBegins() == .nothing)
        #expect(rules.answerEnded() == .goOn)
        #expect(rules.answerBegins() == .close)
        #expect(rules.answerEnded() == .close)
    }

    @Test("an answer before the request is whole ends the connection, slowly enough for the answer to be read")
    func earlyAnswer() {
        var rules = ConnectionRules()
        rules.requestBegan(.persistent)
        #expect(rules.isWaitingForBody)
        #expect(rules.answerBegins() == .close)
        #expect(!rules.isWaitingForBody)
        #expect(rules.answerEnded() == .linger)
    }

    @Test("an answer to an earlier request does not mind that a later one is not whole")
    func laterRequest() {
        var rules = ConnectionRules()
        request(&rules)
        rules.requestBegan(.persistent)
        #expect(!rules.isFirstInLine)
        #expect(rules.answerBegins() == .nothing)
        #expect(rules.answerEnded() == .goOn)
        #expect(rules.isFirstInLine && rules.isWaitingForBody)
        rules.requestEnded()
        #expect(rules.answerBegins() == .nothing)
    }

    @Test("broken input is answered after the requests before it, and nothing more is read")
    func brokenInput() {
        var rules = ConnectionRules()
        request(&rules)
        rules.inputBroke()
        #expect(!rules.acceptsInput)
        #expect(rules.hasBrokenInput)
        #expect(rules.answerBegins() == .nothing)
        #expect(rules.answerEnded() == .goOn)
        #expect(rules.answerBegins() == .close)
        #expect(rules.answerEnded() == .linger)
    }

    @Test("a body that breaks is answered at once")
    func brokenBody() {
        var rules = ConnectionRules()
        rules.requestBegan(.persistent)
        rules.inputBroke()
        #expect(!rules.isWaitingForBody)
        #expect(rules.answerBegins() == .close)
        #expect(rules.answerEnded() == .linger)
    }

    @Test("when the process ends, the last answer that is due says so, and the connection with it")
    func ending() {
        var rules = ConnectionRules()
        #expect(rules.isIdle && !rules.wasUsed)
        request(&rules)
        request(&rules)
        #expect(rules.answerBegins(isEnding: true) == .nothing)
        #expect(rules.answerEnded() == .goOn)
        #expect(!rules.isIdle)
        #expect(rules.answerBegins(isEnding: true) == .close)
        #expect(rules.answerEnded() == .close)
    }

    @Test("an idle connection that ends takes nothing more")
    func endingIdle() {
        var rules = ConnectionRules()
        request(&rules)
        #expect(!rules.isIdle)
        _ = rules.answerBegins()
        _ = rules.answerEnded()
        #expect(rules.isIdle && rules.wasUsed)
        rules.ends()
        #expect(!rules.isIdle && !rules.acceptsInput)
    }
}
