using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Policy.Greylisting;

/// <summary>Keeps the greylist in a file of the data directory: read at start, written every minute and at the stop when something has changed.</summary>
/// <remarks>
/// Written beside and renamed, so that a crash leaves the old file or the new one. What a crash loses are the comings of its last minute: those
/// senders are asked once more. A file that cannot be read is put aside, and everybody is new.
/// </remarks>
internal sealed partial class GreylistFile(Greylist greylist, MtaOptions options, TimeProvider clock, ILogger<GreylistFile> log) : BackgroundService
{
    private const uint Magic = 0x314C474D; // MGL1

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    internal string Path { get; } = System.IO.Path.Combine(options.DataDirectory, "greylist");

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Strictness.Greylisting.Enabled)
            return Task.CompletedTask;

        Read();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Write();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Write();
        }
        catch (OperationCanceledException)
        {
            // The stop writes.
        }
    }

    private void Read()
    {
        try
        {
            if (!File.Exists(Path))
                return;

            using var reader = new BinaryReader(File.OpenRead(Path));
            if (reader.ReadUInt32() != Magic)
                throw new InvalidDataException("It is no greylist.");
            var senders = new List<KeyValuePair<UInt128, GreylistEntry>>();
            for (var left = reader.ReadInt32(); left > 0; left--)
                senders.Add(new(ReadNumber(reader), new GreylistEntry(ReadInstant(reader), ReadInstant(reader), reader.ReadBoolean())));
            var networks = new List<KeyValuePair<AddressRange, GreylistNetwork>>();
            for (var left = reader.ReadInt32(); left > 0; left--)
                networks.Add(new(new AddressRange(ReadNumber(reader), reader.ReadBoolean()), new GreylistNetwork(reader.ReadInt32(), ReadInstant(reader))));
            greylist.Restore(new GreylistSnapshot(senders, networks));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            LogUnreadable(log, e, Path);
            PutAside();
        }
    }

    private void PutAside()
    {
        try
        {
            File.Move(Path, Path + ".unreadable", overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(log, e, Path);
        }
    }

    private void Write()
    {
        if (greylist.TakeChanges() is not { } snapshot)
            return;

        try
        {
            var beside = Path + ".new";
            using (var writer = new BinaryWriter(new FileStream(beside, FileMode.Create)))
            {
                writer.Write(Magic);
                writer.Write(snapshot.Senders.Count);
                foreach (var (key, entry) in snapshot.Senders)
                {
                    WriteNumber(writer, key);
                    writer.Write(entry.FirstAt.ToUnixTimeMilliseconds());
                    writer.Write(entry.LastAt.ToUnixTimeMilliseconds());
                    writer.Write(entry.HasComeAgain);
                }

                writer.Write(snapshot.Networks.Count);
                foreach (var (range, network) in snapshot.Networks)
                {
                    WriteNumber(writer, range.Bits);
                    writer.Write(range.IsV4);
                    writer.Write(network.Senders);
                    writer.Write(network.LastAt.ToUnixTimeMilliseconds());
                }

                writer.Flush();
                ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
            }

            File.Move(beside, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(log, e, Path);
        }
    }

    private static DateTimeOffset ReadInstant(BinaryReader reader) => DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());

    private static UInt128 ReadNumber(BinaryReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());

    private static void WriteNumber(BinaryWriter writer, UInt128 number)
    {
        writer.Write((ulong)(number >> 64));
        writer.Write((ulong)number);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The greylist {Path} cannot be read; everybody is new")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The greylist {Path} cannot be written; it is tried again in a minute")]
    private static partial void LogNotWritten(ILogger logger, Exception exception, string path);
}
