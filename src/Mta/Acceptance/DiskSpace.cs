using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Disk;

namespace MailSuite.Mta.Acceptance;

/// <summary>Whether the disk of the data directory has room left.</summary>
internal sealed class DiskSpace(MtaOptions options, TimeProvider clock)
{
    private readonly FreeSpace _free = new(options.DataDirectory, clock);

    /// <summary>Whether that many octets more would leave <see cref="MtaOptions.MinFreeOctets"/> free. A disk that cannot be asked has room: writing will tell.</summary>
    public bool HasRoomFor(long octets) => _free.Octets is not { } free || free - octets >= options.MinFreeOctets;
}
