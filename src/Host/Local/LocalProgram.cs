using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MailSuite.Host.CommandLine;
using MailSuite.Host.Configuration;
using MailSuite.Host.Running;
using MailSuite.Mta;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Maildrop;

namespace MailSuite.Host.Local;

/// <summary>The program on one data directory as its commands see it: by its private socket when it runs, by its files when it does not.</summary>
internal sealed class LocalProgram : ILocalProgram
{
    /// <summary>How long the program may take to answer; it is busy with a disk, not with a network.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string? _config;
    private readonly string? _data;

    public LocalProgram(LocalProgramChoice choice)
    {
        _config = choice.Config ?? Variable(ConfigurationEnvironment.ConfigVariable);
        _data = choice.Data ?? Variable(ConfigurationEnvironment.DataVariable);
        DataDirectory = _data is not null ? Path.GetFullPath(_data) : Sources(Profile.Server).Whereabouts() is { DataDirectory: { } configured } ? configured : Usual(choice.PortOffset ?? 0);
    }

    public string DataDirectory { get; }

    public Site? ConfiguredSite()
    {
        if (_config is null)
            return null;
        var settings = Settings();
        return new Site(settings.Mda.Domains[0], settings.Mta.MaxMessageOctets);
    }

    /// <summary>What the program would be told at a start: by the file that was named, else as in development.</summary>
    /// <exception cref="StartException">Nothing was named, and a guess could serve a server's data with the rules of development.</exception>
    public HostSettings Settings() => _config is not null || _data is not null
        ? Sources(_config is null ? Profile.Development : Profile.Server).Read()
        : throw new StartException($"No MailSuite runs on {DataDirectory} that this user may ask. Say which is meant: --config FILE of a server, or --data DIR.");

    public async ValueTask<SubmissionOutcome?> SubmitAsync(Stream drop, CancellationToken cancellationToken)
    {
        var answer = await AskAsync($"{LocalChannel.Drop}\n", drop, DropAnswer.MaxCharacters, cancellationToken);
        return answer is not null && DropAnswer.TryParse(Encoding.UTF8.GetString(answer), out var outcome) ? outcome : null;
    }

    public async ValueTask<IReadOnlyList<QueuedMail>> QueueAsync(CancellationToken cancellationToken)
    {
        const int MaxOctets = 256 * 1024 * 1024;
        return await AskAsync($"{LocalChannel.Queue}\n", null, MaxOctets, cancellationToken) is { Length: > 0 } answer
            ? JsonSerializer.Deserialize(answer, LocalJson.Default.IReadOnlyListQueuedMail) ?? []
            : MtaModule.ReadQueue(DataDirectory);
    }

    public async ValueTask<bool> RunQueueAsync(CancellationToken cancellationToken) =>
        await AskAsync($"{LocalChannel.Run}\n", null, maxOctets: 64, cancellationToken) is { Length: > 0 };

    public Task<int> ServeStandardInputAsync(CancellationToken cancellationToken) => StdioSession.RunAsync(this, role: null, Console.Error, cancellationToken);

    public async Task<int> ServeAsync(CancellationToken cancellationToken)
    {
        if (_config is null)
        {
            await Console.Error.WriteLineAsync($"sendmail: -bd runs the server that a configuration file describes: name it with --config FILE or {ConfigurationEnvironment.ConfigVariable}.");
            return ExitCodes.Configuration;
        }

        return await MailSuiteCommand.RunAsync(["serve", "--config", _config, "--data", DataDirectory], Console.Out, Console.Error, cancellationToken);
    }

    private ConfigurationSources Sources(Profile profile)
    {
        var options = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        if (_data is not null)
            options["DataDirectory"] = ("--data", _data);
        return new ConfigurationSources { Profile = profile, File = _config, Options = options };
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Where nothing is named: where a program runs, else where one has run; the server's place before that of development.</summary>
    private static string Usual(int portOffset)
    {
        string[] places = [.. new[] { Running.DataDirectory.DefaultFor(Profile.Server, 0), Running.DataDirectory.DefaultFor(Profile.Development, portOffset) }.Where(place => place.Length > 0)];
        return places.FirstOrDefault(place => LocalSocket.PathFor(place) is { } socket && File.Exists(socket))
            ?? places.FirstOrDefault(place => Directory.Exists(new MaildropDirectory(place).Path))
            ?? places[^1];
    }

    /// <summary>One question on the private socket, answered to its end.</summary>
    /// <returns><see langword="null"/> when nobody answers; what was asked may have been done all the same.</returns>
    private async ValueTask<byte[]?> AskAsync(string request, Stream? more, int maxOctets, CancellationToken cancellationToken)
    {
        using var socket = await LocalSocket.ConnectAsync(DataDirectory, cancellationToken);
        if (socket is null)
            return null;

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
            if (more is not null)
                await more.CopyToAsync(stream, patience.Token);
            using var answer = new MemoryStream();
            var block = new byte[16 * 1024];
            for (int read; (read = await stream.ReadAsync(block, patience.Token)) > 0 && answer.Length < maxOctets;)
                answer.Write(block, 0, read);
            return answer.ToArray();
        }
        catch (Exception e) when (e is IOException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
