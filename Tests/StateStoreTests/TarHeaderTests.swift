import Testing

@testable import StateStore

@Suite("Headers of an archive")
struct TarHeaderTests {
    @Test(
        "A header is read as what was written", arguments: [("a", 0), ("tables/runs/000001", 511), ("m", 8 << 30 - 1)])
    func roundTrip(name: String, size: Int) throws {
        let header = TarHeader(name: name, size: size)
        #expect(header.bytes.count == 512)
        #expect(TarHeader(header.bytes) == header)
        #expect((size + header.padding) % 512 == 0)
    }

    @Test("Any other byte makes it no header")
    func strict() {
        let bytes = TarHeader(name: "tables/runs/000001", size: 4_711).bytes
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(TarHeader(other) == nil, "byte \(index)")
        }
        #expect(TarHeader([]) == nil && TarHeader([UInt8](repeating: 0, count: 512)) == nil)
    }
}
