namespace MailSuite.Mda.Store;

/// <summary>Octets free on the disk of the store, asked of the system at most four times a second.</summary>
internal sealed class FreeSpace(string directory, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private long? _octets;
    private long? _askedAt;

    /// <summary><see langword="null"/> when the system cannot tell, as on some network drives; mail is taken then.</summary>
    internal long? Octets
    {
        get
        {
            lock (_lock)
            {
                if (_askedAt is not { } askedAt || clock.GetElapsedTime(askedAt) > Age)
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
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
