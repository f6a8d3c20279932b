using MailSuite.Host.Configuration;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Support;

/// <summary>Somebody with an account, a home of their own for the programs of others, and mail.</summary>
internal sealed class Person : IDisposable
{
    private readonly TempDirectory _home = new();
    private readonly ProgramUnderTest _suite;

    private Person(ProgramUnderTest suite, string address) => (_suite, Address) = (suite, address);

    public string Address { get; }

    public string Password { get; } = SharedServer.Password;

    public string Home => _home.Path;

    public int ImapPort => _suite.EndPoint(EndpointKind.Imap).Port;

    public int ImapsPort => _suite.EndPoint(EndpointKind.ImapTls).Port;

    public int Pop3Port => _suite.EndPoint(EndpointKind.Pop3).Port;

    public int Pop3sPort => _suite.EndPoint(EndpointKind.Pop3Tls).Port;

    /// <summary>PEM, for localhost.</summary>
    public string CertificateFile => Path.Combine(_suite.DataDirectory, "tls", "self-made.crt.pem");

    /// <param name="subjects">Each a message that has arrived.</param>
    public static async Task<Person> WithMailAsync(SharedServer server, params string[] subjects)
    {
        var person = new Person(server.Program, await server.MailboxAsync());
        foreach (var subject in subjects)
            await person.ReceiveAsync(subject);
        return person;
    }

    public async Task ReceiveAsync(string subject)
    {
        using var talk = await SmtpTalk.ConnectAsync(_suite.EndPoint(EndpointKind.Smtp).Port);
        await talk.BeginDataAsync("carol@example.net", Address);
        Assert.StartsWith("250", await talk.SayAsync(
            $"From: Carol <carol@example.net>\r\nTo: {Address}\r\nSubject: {subject}\r\nMessage-ID: <{Guid.NewGuid():N}@example.net>\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n\r\nbody of {subject}\r\n..a line with a dot\r\n."), StringComparison.Ordinal);
    }

    /// <summary>Every message in the INBOX.</summary>
    public Task<IReadOnlyList<string>> TextsAsync() => _suite.TextsAsync(Address);

    /// <summary>Writes a file that only its owner reads, as programs ask for one with a password in it.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string content)
    {
        var file = Path.Combine(Home, name);
        File.WriteAllText(file, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(Home, name));

    /// <summary>Runs a program at home, which must end with success.</summary>
    /// <returns>What it said.</returns>
    public async Task<string> RunAsync(string program, params IReadOnlyList<string> arguments) => await RunWithInputAsync(program, null, arguments);

    public async Task<string> RunWithInputAsync(string program, string? input, params IReadOnlyList<string> arguments)
    {
        var (code, output, error) = await RealPrograms.RunAsync(program, arguments, input, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = Home, ["XDG_CONFIG_HOME"] = Home, ["XDG_CACHE_HOME"] = Home, ["XDG_DATA_HOME"] = Home, ["MAILRC"] = "/dev/null", ["TERM"] = "vt100", ["COLUMNS"] = "200",
        });
        Assert.True(code == 0, $"{Path.GetFileName(program)} ended with {code}:\n{output}{error}");
        return output;
    }

    public void Dispose() => _home.Dispose();
}
