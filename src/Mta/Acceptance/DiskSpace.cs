using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Acceptance;

/// <summary>Whether the disk of the data directory has room left. It is asked at most once a second, not for every message.</summary>
internal sealed class DiskSpace(MtaOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _askedAt;
    private long? _freeOctets;

    /// <summary>Whether that many octets more would leave <see cref="MtaOptions.MinFreeOctets"/> free. A disk that cannot be asked has room: writing will tell.</summary>
    public bool HasRoomFor(long octets)
    {
        lock (_lock)
        {
            if (_freeOctets is null || clock.GetElapsedTime(_askedAt) >= Freshness)
            {
                _askedAt = clock.GetTimestamp();
                _freeOctets = Ask();
            }

            return _freeOctets.Value - octets >= options.MinFreeOctets;
        }
    }

    private long Ask()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(options.DataDirectory)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }
}
