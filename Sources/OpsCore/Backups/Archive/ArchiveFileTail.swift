/// The last bytes of an archive: trailer and summary, found with one read in nearly every file.
struct ArchiveFileTail {
    /// Trailer and summary together have far less in all but extreme cases.
    private static let firstRead = 4096

    let trailer: ArchiveTrailer
    let summary: ArchiveSummary
    /// How many bytes the file has more than the trailer says.
    let shift: Int

    init(_ file: ArchiveFile) throws {
        let start = max(0, file.size - Self.firstRead)
        let bytes = try file.bytes(at: start, count: file.size - start)
        trailer = try Self.trailer(of: bytes, file)
        guard let end = trailer.summary.end, trailer.summary.length <= ArchiveFormat.longestSummary,
            trailer.summary.length <= file.size - ArchiveTrailer.length
        else { throw ArchiveError(.corrupt, file.path, member: "trailer", "its numbers are nonsense") }
        shift = file.size - ArchiveTrailer.length - end
        summary = try Self.summary(trailer.summary, at: trailer.summary.offset + shift, file)
        try checkSummary(file)
    }

    private static func trailer(of bytes: [UInt8], _ file: ArchiveFile) throws -> ArchiveTrailer {
        switch ArchiveTrailer.read(bytes.suffix(ArchiveTrailer.length)) {
        case .trailer(let trailer): return trailer
        case .newer(let major): throw tooNew(major, file)
        case .damaged: throw ArchiveError(.corrupt, file.path, member: "trailer", "its bytes are damaged")
        case .none: throw try noTrailer(file)
        }
    }

    private static func noTrailer(_ file: ArchiveFile) throws -> ArchiveError {
        let signature = try file.bytes(at: 0, count: min(file.size, ArchiveFormat.signature.count))
        if let text = GzipStored.decode(signature[...]), let major = ArchiveFormat.claimedMajor(text),
            major > ArchiveFormat.major
        {
            return tooNew(major, file)
        }
        guard signature == ArchiveFormat.signature else {
            return ArchiveError(.foreign, file.path, "not an archive of this toolkit")
        }
        return ArchiveError(
            .unfinished, file.path, member: "trailer",
            "the file has \(file.size) bytes and no trailer: its writer never finished, or it was cut off",
            hint: "take another backup; what this one holds can be read as far as it goes with: zcat")
    }

    private static func tooNew(_ major: Int, _ file: ArchiveFile) -> ArchiveError {
        ArchiveError(
            .tooNew, file.path, "format \(major), of which this version knows nothing",
            hint: "use a newer sysndd-ctl, or restore it with zcat and a client")
    }

    private static func summary(
        _ location: ArchiveLocation, at offset: Int, _ file: ArchiveFile
    ) throws -> ArchiveSummary {
        let text = try text(of: location, at: offset, file, .summary, limit: ArchiveFormat.longestSummary)
        do {
            return try ArchiveDocument.decodeSummary(text)
        } catch {
            throw ArchiveError(.corrupt, file.path, member: "summary", "its text is not that of a summary")
        }
    }

    /// The index must end where the summary begins, and nothing may claim to be before the file.
    private func checkSummary(_ file: ArchiveFile) throws {
        guard summary.format == ArchiveFormat.major else {
            throw ArchiveError(.corrupt, file.path, member: "summary", "its format is not that of the trailer")
        }
        guard summary.index.end == trailer.summary.offset, summary.index.offset + min(0, shift) >= 0 else {
            throw ArchiveError(.corrupt, file.path, member: "summary", "it puts the index where it cannot be")
        }
    }

    /// What a structural member inflates to.
    static func text(
        of location: ArchiveLocation, at offset: Int, _ file: ArchiveFile, _ kind: ArchiveMemberKind, limit: Int
    ) throws -> [UInt8] {
        guard offset >= 0, location.inflatedLength <= limit else {
            throw ArchiveError(.corrupt, file.path, member: kind.rawValue, "its numbers are nonsense")
        }
        do {
            return try MemberInflater().withBytes(of: location, in: file, at: offset) { [UInt8]($0) }
        } catch let fault as MemberInflater.Fault {
            throw ArchiveError(.corrupt, file.path, member: kind.rawValue, fault.reason)
        }
    }

    func wrongLength(_ path: String) -> ArchiveError {
        shift < 0
            ? ArchiveError(.missing, path, "\(-shift) bytes are missing: the trailer tells of a longer file")
            : ArchiveError(.corrupt, path, "there are \(shift) bytes more than the trailer tells of")
    }
}
