using System.Security.Cryptography;
using System.Text;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Disk;
using Microsoft.Extensions.Hosting;

namespace MailSuite.Mta.Forwarding;

/// <summary>The keys of the rewritten senders. Read at the program's start, and where there is no start, when they are first needed.</summary>
internal sealed class SrsKeys(MtaOptions options) : IHostedService
{
    private const string FileName = "srs.keys";

    /// <summary>Keys that a file may have.</summary>
    internal const int MaxKeys = 16;

    /// <summary>Octets of a key at least.</summary>
    internal const int MinOctets = 16;

    private const int NewKeyOctets = 32;

    private readonly Lazy<IReadOnlyList<byte[]>> _keys = new(() => Load(options.Forwarding.SrsKeyFile ?? Path.Combine(options.DataDirectory, FileName)), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The first makes addresses; all of them are known in one.</summary>
    /// <exception cref="IOException">They cannot be read, or made.</exception>
    /// <exception cref="InvalidDataException">The file has none, too many, or one that is too short.</exception>
    public IReadOnlyList<byte[]> All => _keys.Value;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = All;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static List<byte[]> Load(string path)
    {
        if (!File.Exists(path))
            Make(path);

        var keys = File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Take(MaxKeys + 1).Select(Encoding.UTF8.GetBytes).ToList();
        if (keys.Count is 0 or > MaxKeys)
            throw new InvalidDataException($"{path} must have 1 to {MaxKeys} keys, one a line.");
        return keys.TrueForAll(key => key.Length >= MinOctets) ? keys : throw new InvalidDataException($"A key in {path} is shorter than {MinOctets} octets.");
    }

    /// <summary>Written beside and renamed: a crash leaves no file with half a key.</summary>
    private static void Make(string path)
    {
        // A name that no other thread has either: two that make it at once would write into one file.
        var unfinished = $"{path}.{Guid.NewGuid():N}.new";
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(unfinished, how))
        {
            file.Write(Encoding.ASCII.GetBytes(
                "# Keys of the senders that forwarding rewrites (SRS). To change the key put a new line above the old one,\n"
                + "# start the program anew, and take the old line out when Forwarding:SrsMaxAge is over.\n"
                + $"{Convert.ToBase64String(RandomNumberGenerator.GetBytes(NewKeyOctets))}\n"));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(unfinished, path, overwrite: false);
            DirectorySync.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was quicker, and its key is the key.
            File.Delete(unfinished);
        }
    }
}
