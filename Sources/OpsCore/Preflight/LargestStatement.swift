/// The size of the largest statement of an archive, found without reading all of it.
enum LargestStatement {
    /// - Parameter limit: members that are no larger than this are not looked into.
    /// - Returns: bytes; no statement of the archive is larger.
    /// - Throws: ``ArchiveError``.
    static func bytes(of file: BackupFolder.File, above limit: Int) throws -> Int {
        let reader = try ArchiveReader(descriptor: file.descriptor, path: file.entry.name.text)
        let members = try reader.index().members
        let small = members.map(\.location.inflatedLength).filter { $0 <= limit }.max() ?? 0
        let inflater = MemberInflater()
        // Members hold several statements, so only those that could hold one of that size are read.
        return try members.filter { $0.location.inflatedLength > limit }.reduce(small) { largest, member in
            let sizes = try reader.withMember(member, using: inflater) { bytes in
                var lexer = ScriptLexer(source: MemoryByteSource([UInt8](bytes)), path: reader.path)
                var found = 0
                while let item = try lexer.next() {
                    if case .statement(let statement) = item { found = max(found, statement.text.count) }
                }
                return found
            }
            return max(largest, sizes)
        }
    }
}
