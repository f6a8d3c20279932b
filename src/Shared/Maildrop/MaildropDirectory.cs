using System.Globalization;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Shared.Maildrop;

/// <summary>The folder of the data directory in which programs of this machine leave mail: their names, and what the MTA lets them know.</summary>
/// <remarks>
/// It is made for the owner of the data directory alone. To let every account of the machine leave mail, its administrator sets the mode 1733 on
/// it and 0711 on the data directory: then anybody can leave a drop, and nobody but the owner can list them; names cannot be guessed.
/// </remarks>
public sealed class MaildropDirectory(string dataDirectory)
{
    public const string DropExtension = ".drop";

    /// <summary>Of a drop that is being written; left behind, it is no mail that anybody was promised.</summary>
    public const string PartExtension = ".part";

    private const string SiteFile = ".site";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode ReadableForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Path { get; } = System.IO.Path.Combine(dataDirectory, "maildrop");

    public string DropFor(DeliveryId id) => System.IO.Path.Combine(Path, id + DropExtension);

    public string PartFor(DeliveryId id) => System.IO.Path.Combine(Path, id + PartExtension);

    /// <summary>Makes the folder where it is missing; the mode of one that is there is its administrator's.</summary>
    public void Create()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Path);
        else if (!Directory.Exists(Path))
            Directory.CreateDirectory(Path, OwnerOnly);
    }

    /// <summary>Tells whoever leaves mail here what host it is, whole or not at all.</summary>
    public void WriteSite(Site site)
    {
        // Made outside of the folder: in it anybody could have put a link in the way, and what it leads to would be overwritten.
        var fresh = System.IO.Path.Combine(dataDirectory, SiteFile + PartExtension);
        File.WriteAllText(fresh, string.Create(CultureInfo.InvariantCulture, $"{site.Domain}\n{site.MaxMessageOctets}\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(fresh, ReadableForAll);
        File.Move(fresh, System.IO.Path.Combine(Path, SiteFile), overwrite: true);
    }

    /// <summary>What <see cref="WriteSite"/> told; <see langword="null"/> when no program has run here yet, or it may not be read.</summary>
    public Site? ReadSite()
    {
        try
        {
            var lines = File.ReadAllLines(System.IO.Path.Combine(Path, SiteFile));
            return lines is [var name, var octets, ..] && Domain.TryParse(name, out var domain) && long.TryParse(octets, NumberStyles.None, CultureInfo.InvariantCulture, out var max)
                ? new Site(domain, max)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>What those who leave mail need to know of the server.</summary>
/// <param name="Domain">The domain of addresses that are written without one: the first of ours.</param>
/// <param name="MaxMessageOctets">Octets of a message at most.</param>
public sealed record Site(Domain Domain, long MaxMessageOctets);
