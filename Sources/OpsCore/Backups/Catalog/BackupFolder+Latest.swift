import Foundation

extension BackupFolder {
    /// Lets `latest.<db>.sql.gz` point to a file of this folder, in one step: a reader finds the old target or the new.
    /// - Throws: ``BackupFolderError``.
    public func pointLatest(of database: String, to name: BackupName) throws(BackupFolderError) {
        let link = BackupName.latestLink(of: database).text
        if let found = information(link), !found.isLink {
            throw .system("replace, as it is no link,", "\(path)/\(link)", errno: EEXIST)
        }
        let staging = ".\(link).\(UInt64.random(in: 0...UInt64.max))"
        guard symlinkat(name.text, descriptor, staging) == 0 else { throw .system("make a link in", path) }
        guard renameat(descriptor, staging, descriptor, link) == 0 else {
            let error = BackupFolderError.system("replace", "\(path)/\(link)")
            unlinkat(descriptor, staging, 0)
            throw error
        }
        try synchronise()
    }

    /// Removes `latest.<db>.sql.gz`; one that is not there is no error, and a file of that name stays.
    public func removeLatest(of database: String) throws(BackupFolderError) {
        let link = BackupName.latestLink(of: database).text
        guard information(link)?.isLink == true else { return }
        guard unlinkat(descriptor, link, 0) == 0 || errno == ENOENT else { throw .system("delete", "\(path)/\(link)") }
        try synchronise()
    }

    /// The file that `latest.<db>.sql.gz` points to; nil without a link, and for one that leads elsewhere.
    public func latest(of database: String) -> BackupName? {
        let link = BackupName.latestLink(of: database).text
        var bytes = [CChar](repeating: 0, count: BackupName.maximumBytes + 1)
        let count = readlinkat(descriptor, link, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let target = String(validating: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return target.flatMap(BackupName.init).flatMap { entry($0)?.name }
    }

    /// The databases that have such a link, also one whose file is gone.
    func latestDatabases() throws(BackupFolderError) -> [String] {
        try fileNames().compactMap(BackupName.init)
            .filter { $0.isLatestLink && $0.isCompressed && information($0.text)?.isLink == true }
            .compactMap { $0.text.dropFirst("latest.".count).dropLast(".sql.gz".count).removingPercentEncoding }
    }
}
