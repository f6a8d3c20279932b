using System.Text;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Spool;

/// <summary>A spool in a directory, without anybody who empties it.</summary>
internal sealed class SpoolScene : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();

    public SpoolScene(MtaOptions? options = null)
    {
        Options = (options ?? new MtaOptions { DataDirectory = "", HostName = Domain.Parse("mx.here.test"), BusyTimeout = TimeSpan.FromSeconds(1) }) with { DataDirectory = _directory.Path };
        Arrivals = new Arrivals(Options.Relay, new QueueBell());
        Store = new SpoolStore(Options, Clock, Arrivals, Journeys, NullLogger<SpoolStore>.Instance);
    }

    public MtaOptions Options { get; }

    public Arrivals Arrivals { get; }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    public RecordedJourneys Journeys { get; } = new();

    public SpoolStore Store { get; private set; }

    public string Database => _directory.File("mta.db");

    public string BodyFolder => _directory.File("spool");

    public static async Task<SpoolScene> OpenAsync(MtaOptions? options = null)
    {
        var scene = new SpoolScene(options);
        await scene.Store.OpenAsync(TestContext.Current.CancellationToken);
        return scene;
    }

    public SpooledMessage Message(int octets = 100, params string[] recipients) => new(
        QueueId.New(Clock), JourneyId.New(Clock), ReversePath.Of(EnvelopeAddress.Parse("ann@here.test")),
        [.. (recipients.Length == 0 ? ["bob@there.test"] : recipients).Select(address => new SpooledRecipient(EnvelopeAddress.Parse(address), null))],
        BodyType.EightBitMime, SmtpUtf8: true, new MemoryContent(Encoding.ASCII.GetBytes("Subject: x\r\n\r\n".PadRight(octets, 'x'))), Clock.GetUtcNow());

    public List<QueueEntry> Due() => [.. Store.Reader.Due(DuePlace.Start, Clock.GetUtcNow(), int.MaxValue).Select(due => due.Entry).Distinct()];

    public QueuedMessage Load(QueueEntry entry) => Store.Reader.Load(entry, Clock.GetUtcNow()) ?? throw new InvalidOperationException("Nothing is due.");

    /// <summary>The program dies and a new one finds what is on the disk.</summary>
    public async Task<SpoolScene> RestartAsync()
    {
        var next = new SpoolScene(Options);
        CopyTo(next._directory.Path);
        await DisposeAsync();
        await next.Store.OpenAsync(TestContext.Current.CancellationToken);
        return next;
    }

    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of what a query finds; empty for NULL.</summary>
    public List<string> Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read())
            found.Add(rows.IsDBNull(0) ? "" : rows.GetString(0));
        return found;
    }

    /// <summary>The first column of the first row, as text.</summary>
    public string Text(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture)!;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>What a program that is killed now leaves: the files as they are, nothing closed.</summary>
    private void CopyTo(string target) => CrashCopy.Make(_directory.Path, target);
}
