using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Disk;
using MailSuite.Shared.Maildrop;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary>A drop that is being written. Unless it is kept it leaves nothing behind.</summary>
internal sealed class DropFile : IDisposable
{
    private readonly MaildropDirectory _maildrop;
    private readonly DeliveryId _id;
    private bool _kept;

    private DropFile(MaildropDirectory maildrop, DeliveryId id, FileStream stream)
    {
        _maildrop = maildrop;
        _id = id;
        Stream = stream;
    }

    public FileStream Stream { get; }

    /// <exception cref="CommandFailure">This user cannot write there.</exception>
    public static DropFile Create(MaildropDirectory maildrop, DeliveryId id)
    {
        try
        {
            maildrop.Create();
            var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new DropFile(maildrop, id, new FileStream(maildrop.PartFor(id), how));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CommandFailure(SendmailExit.CannotCreate, $"No mail can be left in {maildrop.Path}: {e.Message} Its administrator lets every user leave mail with: chmod 711 on the data directory, chmod 1733 on the maildrop.");
        }
    }

    /// <summary>Makes it a drop: when this returns it is on disk and will be taken by the program that runs there, now or when it starts.</summary>
    public void Keep()
    {
        Stream.Flush(flushToDisk: true);
        // In somebody else's maildrop its owner has to read it; nobody else can find out its name.
        if (!OperatingSystem.IsWindows() && FileOwner.Of(_maildrop.Path) is { } owner && owner.UserId != UserAccount.CurrentId)
            File.SetUnixFileMode(Stream.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(_maildrop.PartFor(_id), _maildrop.DropFor(_id));
        _kept = true;
        try
        {
            DirectorySync.Sync(_maildrop.Path);
        }
        catch (IOException)
        {
            // Who may leave mail there and not look in cannot sync the directory. The file systems of Linux write a file's new name with the file.
            Stream.Flush(flushToDisk: true);
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (_kept)
            return;

        try
        {
            File.Delete(_maildrop.PartFor(_id));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The server clears it away in a day.
        }
    }
}
