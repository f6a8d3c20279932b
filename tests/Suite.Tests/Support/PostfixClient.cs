using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Support;

/// <summary>A whole Postfix of its own that relays everything to one server, and listens nowhere or on one port; needs root, as Postfix does.</summary>
internal sealed class PostfixClient : IAsyncDisposable
{
    private const string ServicesFile = "/usr/share/postfix/master.cf.dist";

    private readonly TempDirectory _directory = new();
    private readonly string _postfix;

    private PostfixClient(string postfix) => _postfix = postfix;

    private string Configuration => Path.Combine(_directory.Path, "etc");

    /// <param name="settings">Lines of main.cf beyond those of every instance.</param>
    public static Task<PostfixClient> StartAsync(params string[] settings) => StartAsync(listenOn: null, settings);

    /// <param name="listenOn">The port of its server on 127.0.0.1.</param>
    /// <param name="settings">Lines of main.cf beyond those of every instance.</param>
    public static async Task<PostfixClient> StartAsync(int? listenOn, params string[] settings)
    {
        var postfix = RealPrograms.Find("postfix");
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("Postfix is started by root only.");
        if (!File.Exists(ServicesFile))
            RealPrograms.Missing($"{ServicesFile}, which Postfix brings on Debian, is not here.");

        var client = new PostfixClient(postfix);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(client._directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        foreach (var folder in new[] { "etc", "spool", "data" })
            Directory.CreateDirectory(Path.Combine(client._directory.Path, folder));
        await RealPrograms.RunAsync("/bin/chown", ["postfix", Path.Combine(client._directory.Path, "data")]);
        var services = await File.ReadAllTextAsync(ServicesFile);
        await File.WriteAllTextAsync(Path.Combine(client.Configuration, "master.cf"), listenOn is null
            ? services
            : services.Replace("\nsmtp      inet  n       -       y ", $"\n127.0.0.1:{listenOn} inet  n       -       n ", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(client.Configuration, "main.cf"), $"""
            compatibility_level = 3.6
            queue_directory = {client._directory.Path}/spool
            data_directory = {client._directory.Path}/data
            maillog_file_prefixes = {client._directory.Path}
            maillog_file = {client._directory.Path}/log
            master_service_disable = {(listenOn is null ? "inet" : "")}
            myhostname = postfix.example.org
            mydestination =
            alias_maps =
            {string.Join('\n', settings)}

            """);
        try
        {
            var (code, output, error) = await RealPrograms.RunAsync(client._postfix, ["-c", client.Configuration, "start"]);
            Assert.True(code == 0, output + error);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public Task SendAsync(string from, string to, string message) => SendAsync(from, [to], message);

    /// <summary>What waits in its queue, for people.</summary>
    public async Task<string> QueueAsync() => (await RealPrograms.RunAsync("/usr/sbin/postqueue", ["-c", Configuration, "-p"])).Output;

    public async Task SendAsync(string from, IReadOnlyList<string> to, string message)
    {
        var (code, output, error) = await RealPrograms.RunAsync("/usr/sbin/sendmail", ["-C", Configuration, "-f", from, "--", .. to], message);
        Assert.True(code == 0, output + error);
    }

    public async ValueTask DisposeAsync()
    {
        await RealPrograms.RunAsync(_postfix, ["-c", Configuration, "stop"]);
        _directory.Dispose();
    }
}
