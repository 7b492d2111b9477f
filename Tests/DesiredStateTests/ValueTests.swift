import DesiredState
import Foundation
import Testing

@Suite struct ResourceKeyTests {
    @Test("A key of composed names gives its components back, whatever they hold")
    func components() {
        for components in [["land"], ["land", "1042"], ["land", "feature/x", "100%", "%2F", "a\nb", "ї"], ["", ""]] {
            let key = ResourceKey(kind: "Candidate", components: components)
            #expect(key.components == components)
            #expect(ResourceKey(key.description) == key || components.contains(""))
            #expect(ResourceKey(kind: key.kind, name: key.name) == key)
        }
        #expect(ResourceKey(kind: "Candidate", components: ["land", "a/b"]).description == "Candidate/land/a%2Fb")
    }

    @Test("A key is one string in JSON, and no other string is a key")
    func codable() throws {
        let key = ResourceKey(kind: "Registry", name: "land")
        #expect(try JSONValue(encoding: [key]) == ["Registry/land"])
        #expect(try (["Registry/land"] as JSONValue).decode(as: [ResourceKey].self) == [key])
        for text in ["", "Registry", "Registry/", "/land"] {
            #expect(ResourceKey(text) == nil)
        }
    }
}

@Suite struct JSONValueTests {
    private static let value: JSONValue = [
        "b": [1, 2.5, true, nil, "ä\"\\\n\u{1}"], "a": ["z": [:], "y": []],
    ]

    @Test("Equal values have one text, with sorted keys")
    func canonical() throws {
        let text = #"{"a":{"y":[],"z":{}},"b":[1,2.5,true,null,"ä\"\\\n\u0001"]}"#
        #expect(Self.value.canonicalText == text)
        #expect(try JSONValue(parsing: text) == Self.value)
        #expect(try JSONValue(parsing: Self.value.prettyText) == Self.value)
    }

    @Test("A text of one line is broken for readers")
    func pretty() {
        #expect((["a": [1], "b": []] as JSONValue).prettyText == "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}")
    }

    @Test("Numbers keep their kind, and what is not finite becomes null")
    func numbers() throws {
        #expect(try JSONValue(parsing: "9007199254740993") == 9_007_199_254_740_993)
        #expect(try JSONValue(parsing: "1e300") == .number(1e300))
        #expect(JSONValue.number(.infinity).canonicalText == "null")
    }

    @Test("Nesting without end is refused, not followed")
    func depth() {
        let text = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: (any Error).self) { try JSONValue(parsing: text) }
    }
}

@Suite struct QuantityTests {
    @Test(
        "Durations are read in units from large to small, and written so",
        arguments: [
            ("0s", 0), ("500ms", 500), ("90s", 90_000), ("5m", 300_000), ("1h30m", 5_400_000), ("2d1ms", 172_800_001),
        ])
    func durations(_ text: String, _ milliseconds: Int) {
        let duration = ConfigurationDuration.parse(text)
        #expect(duration == .milliseconds(milliseconds))
        #expect(ConfigurationDuration.parse(ConfigurationDuration.format(.milliseconds(milliseconds))) == duration)
    }

    @Test(
        "What is no duration is none",
        arguments: ["", "5", "s", "-5s", "5 s", "1m1h", "1s1s", "1.5h", "٣s", "5M", "99999999999999999999s"])
    func noDurations(_ text: String) {
        #expect(ConfigurationDuration.parse(text) == nil)
    }

    @Test(
        "Sizes are read with their unit, and written in the largest that divides them",
        arguments: [
            ("0B", 0, "0B"), ("512MiB", 512 << 20, "512MiB"), ("1024KiB", 1 << 20, "1MiB"),
            ("2GB", 2_000_000_000, "2GB"),
            ("1001B", 1001, "1001B"),
        ])
    func sizes(_ text: String, _ size: Int, _ written: String) {
        #expect(ByteSize.parse(text) == size)
        #expect(ByteSize.format(size) == written)
        #expect(ByteSize.parse(written) == size)
    }

    @Test("What is no size is none", arguments: ["", "5", "MiB", "-1B", "1 MiB", "1mib", "1.5GiB", "99999999TiB"])
    func noSizes(_ text: String) {
        #expect(ByteSize.parse(text) == nil)
    }
}

@Suite struct ConditionTests {
    @Test("A condition's time moves when its status does, not when its reason does")
    func transition() {
        func condition(_ status: Condition.Status, _ reason: String, at seconds: Double) -> Condition {
            Condition(
                type: .ready, status: status, reason: reason, message: "",
                lastTransitionTime: Date(timeIntervalSince1970: seconds))
        }
        var conditions: [Condition] = []
        conditions.set(condition(.false, "Waiting", at: 1))
        conditions.set(condition(.false, "Building", at: 2))
        #expect(conditions[.ready]?.reason == "Building")
        #expect(conditions[.ready]?.lastTransitionTime == Date(timeIntervalSince1970: 1))
        conditions.set(condition(.true, "Deployed", at: 3))
        #expect(conditions[.ready]?.lastTransitionTime == Date(timeIntervalSince1970: 3))
        #expect(conditions.count == 1)
        #expect(conditions[.stalled] == nil)
    }
}
