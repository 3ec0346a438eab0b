import Foundation

extension BackupFolder {
    /// What is wrong with the folder's owner and mode, in words; empty when all is well. Backups hold everything that
    /// the database holds, so nobody else should read or change them.
    public func permissionProblems() -> [String] {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { return ["\(path) cannot be looked at"] }
        let mode = information.st_mode & 0o777
        var problems: [String] = []
        if mode & 0o022 != 0 {
            problems.append("\(path) can be changed by other users (mode \(String(mode, radix: 8))): chmod 700")
        } else if mode & 0o055 != 0 {
            problems.append("\(path) can be read by other users (mode \(String(mode, radix: 8))): chmod 700")
        }
        if information.st_uid != geteuid(), information.st_uid != 0 {
            problems.append("\(path) belongs to another user (uid \(information.st_uid)), who can change the backups")
        }
        return problems
    }

    /// - Throws: ``BackupFolderError`` with code `BACKUP_FOLDER_UNWRITABLE` when files cannot be made here.
    public func requireWritable() throws(BackupFolderError) {
        guard faccessat(descriptor, ".", W_OK | X_OK, AT_EACCESS) == 0 else { throw .system("write in", path) }
    }
}
