import Testing

@testable import Webhooks

@Suite("Where a repository lies")
struct AddressTests {
    @Test(
        "All ways to write an address are one",
        arguments: [
            "https://git.example.org/registries/land.git", "https://git.example.org/registries/land",
            "https://git.example.org/registries/land/",
            "https://user:password@git.example.org:8443/registries/land.git",
            "ssh://git@git.example.org:22/registries/land.git", "git@git.example.org:registries/land.git",
            "git.example.org:registries/land", "HTTPS://GIT.EXAMPLE.ORG/registries/land?x#y",
            "git://git.example.org//registries//land.git",
        ])
    func same(text: String) {
        let address = RepositoryAddress(text)
        #expect(address?.host == "git.example.org")
        #expect(address?.path == "registries/land")
    }

    @Test("A name that is a part of another is another")
    func different() {
        let land = RepositoryAddress("https://git.example.org/registries/land")
        for other in [
            "https://git.example.org/registries/landing", "https://git.example.org/registries/land/x",
            "https://git.example.org/land", "https://example.org/registries/land",
            "https://git.example.org.evil/registries/land",
            "https://git.example.org/Registries/land", "https://git.example.org/registries/land.git.git",
        ] {
            #expect(RepositoryAddress(other) != land, "\(other)")
        }
    }

    @Test(
        "What is no address is none",
        arguments: [
            "", "/", ":", "://", "https://", "https://host", "https://host/", "host:", ":path", "a/b", "a/b:c", "\n:x",
            "https:///path", "@:x", String(repeating: "x", count: 3000) + ":y",
        ])
    func none(text: String) { #expect(RepositoryAddress(text) == nil) }
}

@Suite("How much may come")
struct TokenBucketTests {
    @Test("So many at once, then so many a second, and whoever is too many learns when to come again")
    func bucket() {
        var bucket = TokenBucket(rate: 2, burst: 3)
        #expect((0..<3).map { _ in bucket.take(now: .seconds(1)) } == [nil, nil, nil])
        #expect(bucket.take(now: .seconds(1)) == .milliseconds(500))
        #expect(bucket.take(now: .milliseconds(1500)) == nil)
        #expect(bucket.take(now: .milliseconds(1500)) != nil)
        #expect((0..<4).map { _ in bucket.take(now: .seconds(60)) == nil } == [true, true, true, false])
    }

    @Test("A clock that goes backwards, and numbers that mean nothing, fill no bucket and break none")
    func extremes() {
        var bucket = TokenBucket(rate: 1, burst: 1)
        #expect(bucket.take(now: .seconds(10)) == nil)
        #expect(bucket.take(now: .seconds(5)) != nil)
        for value in [0, -1, .nan, .infinity] {
            var odd = TokenBucket(rate: value, burst: value)
            #expect(odd.take(now: .seconds(1)) == nil)
            #expect(odd.take(now: .seconds(1)) != nil)
        }
    }
}
