namespace MailSuite.Shared.Disk;

/// <summary>Octets free on the disk of a directory, asked of the system at most four times a second, however many ask at once.</summary>
public sealed class FreeSpace(string directory, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private long? _octets;
    private long? _askedAt;

    /// <summary><see langword="null"/> when the system cannot tell, as on some network drives; mail is taken then, and writing will tell.</summary>
    public long? Octets
    {
        get
        {
            lock (_lock)
            {
                if (_askedAt is not { } asked || clock.GetElapsedTime(asked) >= Age)
                {
                    _octets = Ask();
                    _askedAt = clock.GetTimestamp();
                }

                return _octets;
            }
        }
    }

    private long? Ask()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
