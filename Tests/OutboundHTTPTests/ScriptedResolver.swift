import Diagnostics
import OutboundHTTP
import Testing

/// A resolver that answers each question about a name with the next list; the last one again and again.
actor ScriptedResolver: HostResolver {
    private var answers: [String: [[IPAddress]]]
    private(set) var questions = 0

    init(_ answers: [String: [[IPAddress]]]) { self.answers = answers }

    func addresses(of host: String) async throws -> [IPAddress] {
        questions += 1
        guard var list = answers[host], let first = list.first else {
            throw SluiceError("outbound.host-unknown", .transient, "the host's name has no address")
        }
        if list.count > 1 { list.removeFirst() }
        answers[host] = list
        return first
    }
}

/// Expects an error of one code, and returns it.
@discardableResult
func expectFailure<R>(
    _ code: SluiceError.Code, sourceLocation: Testing.SourceLocation = #_sourceLocation, _ body: () async throws -> R
) async -> SluiceError? {
    do {
        _ = try await body()
        Issue.record("nothing was thrown, \(code) was expected", sourceLocation: sourceLocation)
    } catch let error as SluiceError {
        #expect(error.code == code, sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("\(error) was thrown, \(code) was expected", sourceLocation: sourceLocation)
    }
    return nil
}
