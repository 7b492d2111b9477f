import DesiredState
import Testing

@testable import AccessControl

@Suite("The chain of the audit log")
struct AuditTests {
    private static func chain(_ count: Int) -> [AuditRecord] {
        var records: [AuditRecord] = []
        for number in 1...count {
            let entry = AuditEntry(
                actor: "anna\0", proof: .token, address: "192.0.2.1", action: "reconcileResource", verb: .reconcile,
                object: .resource(.registry, "land"), arguments: ["number": .integer(number)], outcome: .done,
                request: "r\(number)")
            records.append(
                AuditRecord(entry, after: records.last.map { ($0.id, $0.hash) }, at: "2026-01-31T10:00:00.000000Z"))
        }
        return records.reversed()
    }

    private static func faults(_ records: [AuditRecord]) -> [AuditChain.Fault] {
        var chain = AuditChain()
        return records.compactMap { chain.take($0) } + [chain.end()].compactMap(\.self)
    }

    @Test("A chain as it was written is whole, also after it was exported and read back")
    func whole() throws {
        let records = Self.chain(5)
        #expect(Self.faults(records).isEmpty)
        let read = try records.map { AuditRecord(try JSONValue(parsing: $0.document.canonicalText)) }.compactMap(\.self)
        #expect(read == records)
        #expect(Self.faults([]).isEmpty)
    }

    @Test("What was changed, taken out, put in, swapped or cut off at the beginning is found")
    func faults() {
        let records = Self.chain(5)
        func altered(_ change: (inout [AuditRecord]) -> Void) -> [AuditChain.Fault] {
            var copy = records
            change(&copy)
            return Self.faults(copy)
        }
        let third = records[2]
        #expect(
            altered {
                $0[2] = AuditRecord(
                    id: 3, body: third.body.replacing("anna", with: "bob"), previous: third.previous, hash: third.hash)
            } == [.altered(3)])
        #expect(altered { $0.remove(at: 2) }.first == .gap(after: 2))
        #expect(altered { $0.swapAt(1, 2) }.first == .gap(after: 3))
        #expect(altered { $0.removeLast() } == [.beginning(2)])
        // Whoever writes a record anew with its right hash breaks the link of the next one.
        let forged = AuditRecord(
            AuditEntry(
                actor: "bob", proof: .token, address: nil, action: "x", verb: nil, object: nil, outcome: .done,
                request: "r"), after: (2, third.previous), at: "2026-01-31T10:00:00.000000Z")
        #expect(altered { $0[2] = forged } == [.unlinked(3)])
    }
}
