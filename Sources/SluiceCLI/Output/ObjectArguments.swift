import ArgumentParser

/// The object that a command is about, written in one word or in two: `candidate/land/102`, `candidate land/102`.
struct ObjectArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The object, as kind/name; or its kind.", valueName: "object"))
    var written: String

    @Argument(help: ArgumentHelp("Its name, after a kind alone.", valueName: "name"))
    var separateName: String?

    func validate() throws {
        guard (ObjectName(argument: written) == nil) == (separateName != nil) else {
            throw ValidationError("an object is written as kind/name, such as candidate/land/102")
        }
    }

    /// The object.
    var name: ObjectName {
        separateName.map { ObjectName(kindWord: written, name: $0) } ?? ObjectName(argument: written)
            ?? ObjectName(kindWord: written, name: "")
    }
}
