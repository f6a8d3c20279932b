using MailSuite.Shared.Status;
using SQLitePCL;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>The database or its disk could not do what was asked; nothing of it was done.</summary>
/// <param name="resultCode">SQLite's primary result code.</param>
internal sealed class StoreFault(int resultCode, string message) : Exception(message)
{
    public int ResultCode => resultCode;

    /// <summary>The disk, or the database's own limit.</summary>
    public bool IsFull => resultCode == raw.SQLITE_FULL;

    /// <summary>Another program holds the lock.</summary>
    public bool IsBusy => resultCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    public bool IsDamage => resultCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>Always temporary: a fault of ours is no reason to return somebody's mail.</summary>
    public EnhancedStatusCode Status => IsFull ? StatusCodes.SystemStorageFull : StatusCodes.SystemTemporary;

    /// <summary>A sentence for the other side; it tells nothing of the machine.</summary>
    public string Reason =>
        IsFull ? "There is no room for more mail at the moment."
        : IsBusy ? "The mailbox store is in use by another program."
        : "The mailbox store cannot be written at the moment.";

    internal static StoreFault DiskNearlyFull(long freeOctets) => new(raw.SQLITE_FULL, $"Only {freeOctets} octets are free on the disk of the mailbox store.");
}
