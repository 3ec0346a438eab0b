import Glibc

/// An archive cannot be written, or what is read is not a whole archive.
public struct ArchiveError: OperatorError, Equatable {
    /// What the failure means to a caller that has to decide something.
    public enum Problem: String, Sendable {
        /// A system call failed while the archive was made. Nothing is left of it.
        case notWritten = "ARCHIVE_NOT_WRITTEN"
        /// The disk or the quota is full. Nothing is left of the archive.
        case noSpace = "INSUFFICIENT_STORAGE"
        /// There is a file of that name.
        case exists = "ARCHIVE_EXISTS"
        /// Another process is writing an archive of that name.
        case busy = "ARCHIVE_BUSY"
        /// The writer was used after it had ended, or was told to end with a part missing.
        case notComplete = "ARCHIVE_NOT_COMPLETE"
        /// The file cannot be opened or read.
        case unreadable = "ARCHIVE_UNREADABLE"
        /// Not made by this toolkit.
        case foreign = "ARCHIVE_FOREIGN"
        /// Made by a later version with another major format.
        case tooNew = "ARCHIVE_TOO_NEW"
        /// The end is not there: the writer died, or the file was cut off.
        case unfinished = "ARCHIVE_UNFINISHED"
        /// Bytes in the middle are not there.
        case missing = "ARCHIVE_BYTES_MISSING"
        /// Bytes are not those that were written, or were never meant well.
        case corrupt = "ARCHIVE_CORRUPT"
    }

    /// What the failure means.
    public let problem: Problem
    /// The file as the caller named it.
    public let path: String
    /// The part of the file, `rows 12` for example; nil where the whole file is meant.
    public let member: String?
    /// The table, view … of that part.
    public let object: String?
    /// What is wrong, in lower case, without the place.
    public let reason: String
    /// What to do now.
    public let hint: String?

    init(
        _ problem: Problem, _ path: String, member: String? = nil, object: String? = nil, _ reason: String,
        hint: String? = nil
    ) {
        self.problem = problem
        self.path = path
        self.member = member
        self.object = object
        self.reason = reason
        self.hint = hint
    }

    /// Stable, for programs.
    public var code: String { problem.rawValue }
    /// The file, the part of it and what is wrong there.
    public var message: String {
        let part = member.map { ", member \($0)" } ?? ""
        return "\(path)\(part)\(object.map { " of \($0)" } ?? ""): \(reason)"
    }
    /// Cannot write, busy, or bad input.
    public var exitStatus: ExitStatus {
        switch problem {
        case .notWritten, .noSpace, .exists: .cannotWrite
        case .busy: .busy
        case .notComplete: .failed
        case .unreadable, .foreign, .tooNew, .unfinished, .missing, .corrupt: .badInput
        }
    }
}

extension ArchiveError {
    /// The failure of a system call while `path` was being made.
    static func writing(_ path: String, _ action: String, errno number: Int32) -> ArchiveError {
        let reason = "cannot \(action): \(String(cString: strerror(number)).lowercased())"
        return switch number {
        case ENOSPC, EDQUOT:
            ArchiveError(.noSpace, path, reason, hint: "free some space there, or write to another place with --output")
        case EFBIG:
            ArchiveError(.noSpace, path, reason, hint: "raise the limit of the size of files, see: ulimit -f")
        case EACCES, EPERM, EROFS:
            ArchiveError(.notWritten, path, reason, hint: "check the owner and mode of the folder")
        case ENOENT, ENOTDIR:
            ArchiveError(.notWritten, path, reason, hint: "make the folder first")
        default: ArchiveError(.notWritten, path, reason)
        }
    }

    /// The file would take what is kept free for others.
    static func reserveReached(_ path: String, free: Int, reserve: Int) -> ArchiveError {
        ArchiveError(
            .noSpace, path, "only \(free >> 20) MiB are left there, and \(reserve >> 20) MiB stay free for others",
            hint: "free some space there, or write to another place with --output")
    }

    /// The failure of a system call while `path` was being read.
    static func reading(_ path: String, _ action: String, errno number: Int32) -> ArchiveError {
        ArchiveError(.unreadable, path, "cannot \(action): \(String(cString: strerror(number)).lowercased())")
    }

    static func exists(_ path: String) -> ArchiveError {
        ArchiveError(.exists, path, "there is a file of that name", hint: "choose another name, or move that file away")
    }
}
