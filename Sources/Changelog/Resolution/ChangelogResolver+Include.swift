import Diagnostics

extension ChangelogResolver {
    /// What `include` and `includeAll` have in common.
    private struct Inclusion {
        var location: SourceLocation
        var context: String?
        var labels: String?
        var isIgnored: Bool
        var logicalPath: String?
        var runWith: String?
    }

    mutating func takeInclude(_ node: ChangelogNode, scope: FileScope, runWith: String?) throws {
        guard let file = node["file"] else {
            findings.error("changelog.include", at: node.location, "'include' has no 'file'")
            return
        }
        let inclusion = inclusion(node, runWith: runWith)
        let isRelative = flag("relativeToChangelogFile", of: node, default: false, scope: scope)
        guard let path = confined(file, besides: isRelative ? scope.path : nil, at: node.location) else { return }
        guard let bytes = try bytes(of: path, at: node.location) else {
            if flag("errorIfMissing", of: node, default: true, scope: scope) {
                missing(isRelative ? path.normalized : file, at: node.location)
            } else {
                findings.warning(
                    "changelog.file-missing", at: node.location, "the file '\(path.normalized)' does not exist")
            }
            return
        }
        // A plain SQL file keeps the path as it is written; everything else is stored normalised.
        let written = isRelative ? path.normalized : file.replacingAll("\\", with: "/")
        try include(path.normalized, storedAs: written, bytes, inclusion, from: scope)
    }

    mutating func takeIncludeAll(_ node: ChangelogNode, scope: FileScope, runWith: String?) throws {
        guard let folder = node["path"] else {
            findings.error("changelog.include", at: node.location, "'includeAll' has no 'path'")
            return
        }
        for name in ["filter", "resourceFilter", "resourceComparator"] where node[name] != nil {
            findings.error(
                "changelog.unsupported", at: node.location,
                "'\(name)' names a Java class; includeAll is supported without it")
            return
        }
        let isRelative = flag("relativeToChangelogFile", of: node, default: false, scope: scope)
        guard let base = confined(folder, besides: isRelative ? scope.path : nil, at: node.location),
            let selection = selection(node)
        else { return }
        let found = try files(below: base, at: node.location).map { selection.apply(to: $0, below: base.normalized) }
        let files = found ?? []
        if files.isEmpty, flag("errorIfMissingOrEmpty", of: node, default: true, scope: scope) {
            findings.error(
                "changelog.include-all-empty", at: node.location,
                "no changelog is found for includeAll '\(folder.prefix(200))'")
        }
        let inclusion = inclusion(node, runWith: runWith)
        for file in files where !findings.isFull {
            guard ChangelogFormat.isKnown(path: file) else {
                findings.warning(
                    "changelog.unknown-format", at: node.location, "'\(file)' is no changelog and is skipped")
                continue
            }
            guard let path = confined(file, besides: nil, at: node.location),
                let bytes = try bytes(of: path, at: node.location)
            else { continue }
            try include(file, storedAs: file, bytes, inclusion, from: scope)
        }
    }

    private mutating func include(
        _ path: String, storedAs written: String, _ bytes: [UInt8], _ inclusion: Inclusion, from scope: FileScope
    ) throws {
        guard let format = ChangelogFormat(path: path, contents: bytes) else {
            return unknownFormat(path, at: inclusion.location)
        }
        guard !openFiles.contains(path) else {
            let circle = (openFiles.drop { $0 != path } + [path]).joined(separator: " → ")
            findings.error("changelog.include-cycle", at: inclusion.location, "files include each other: \(circle)")
            return
        }
        guard openFiles.count < limits.includeDepth else {
            findings.error(
                "changelog.include-depth", at: inclusion.location,
                "files include files more than \(limits.includeDepth) deep")
            return
        }
        var inner = FileScope(path: path, storedPath: format == .plainSQL ? written : path, format: format)
        inner.includedPath = inclusion.logicalPath
        inner.logicalPathAbove = scope.logicalPath?.javaTrimmedToNil != nil ? scope.logicalPath : scope.logicalPathAbove
        inner.contexts = [inclusion.context].compactMap(\.self) + scope.contexts
        inner.labels = [inclusion.labels].compactMap(\.self) + scope.labels
        inner.isIgnored = inclusion.isIgnored
        inner.runWith = inclusion.runWith ?? scope.runWith
        inner.propertyKeys = scope.propertyKeys
        inner.depth = scope.depth + 1
        try read(bytes, scope: &inner)
        findings.readInclude()
    }

    private mutating func inclusion(_ node: ChangelogNode, runWith: String?) -> Inclusion {
        let context = [node["contextFilter"], node["context"]].compactMap { $0?.javaTrimmedToNil != nil ? $0 : nil }
            .first
        if let context { check(context: context, at: node.location) }
        check(labels: node["labels"], at: node.location)
        let labels = FilterList.items(node["labels"]).joined(separator: ",")
        return Inclusion(
            location: node.location, context: context, labels: labels.isEmpty ? nil : labels,
            isIgnored: node["ignore"]?.javaBoolean ?? false, logicalPath: node["logicalFilePath"], runWith: runWith)
    }

    private mutating func files(below base: ChangelogPath, at location: SourceLocation) throws -> [String]? {
        do {
            let files = try source.files(below: base.normalized)
            pathsListed += (files?.count ?? 0) + 1
            guard pathsListed <= limits.pathsListed else {
                throw SluiceError(
                    "changelog.too-large", .stalled,
                    "includeAll looks through more than \(limits.pathsListed) paths")
            }
            return files
        } catch {
            let error = SluiceError(wrapping: error)
            guard error.kind == .stalled else { throw error }
            findings.error(error.code.rawValue, at: location, error.message, hint: error.hint)
            return nil
        }
    }

    private mutating func selection(_ node: ChangelogNode) -> IncludeAllSelection? {
        var selection = IncludeAllSelection()
        for (name, path) in [("minDepth", \IncludeAllSelection.minimumDepth), ("maxDepth", \.maximumDepth)] {
            guard let text = node[name] else { continue }
            guard let value = Int(text) else {
                findings.error("changelog.value", at: node.location, "\(name) is '\(text)', expected a number")
                return nil
            }
            selection[keyPath: path] = value
        }
        guard selection.minimumDepth <= selection.maximumDepth else {
            findings.error("changelog.value", at: node.location, "maxDepth is less than minDepth")
            return nil
        }
        selection.suffix = node["endsWithFilter"]?.javaTrimmedToNil?.lowercased()
        return selection
    }
}
