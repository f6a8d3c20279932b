using System.Net.Sockets;
using MailSuite.Host.Configuration;
using MailSuite.Host.Running;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Listening;

public sealed class UnixSocketTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string SocketPath => _directory.File("smtp.sock");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Takes_mail_from_a_real_client()
    {
        var swaks = RealPrograms.Find("swaks");
        await using var suite = await ListeningAsync();
        await suite.AddAccountAsync("bob@example.org", "correct horse");
        var (code, output, error) = await RealPrograms.RunAsync(swaks,
            ["--socket", SocketPath, "--ehlo", "here.example.net", "--from", "ann@example.net", "--to", "bob@example.org", "--header", "Subject: By socket", "--body", "Hello."]);
        Assert.True(code == 0, output + error);
        var text = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("bob@example.org", "By socket"));
        Assert.StartsWith("Received: from here.example.net\r\n\tby ", text[text.IndexOf("Received:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_its_mode_and_is_named_everywhere_and_gone_after_the_stop()
    {
        await using (var suite = await ListeningAsync(("MAILSUITE_Smtp__SocketMode", "0620")))
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite, File.GetUnixFileMode(SocketPath));
            Assert.Contains($"unix:{SocketPath}", Banner.For(suite.Program), StringComparison.Ordinal);
            Assert.Contains($"unix:{SocketPath}", RunFile.Read(suite.DataDirectory)!.Endpoints["Smtp"]);
        }

        Assert.False(Path.Exists(SocketPath));
    }

    /// <summary>LMTP has no port unless it is given one.</summary>
    [Theory]
    [InlineData("LMTP", "MAILSUITE_Lmtp__Addresses")]
    [InlineData("ESMTP", "MAILSUITE_Submission__Addresses", "MAILSUITE_Submission__Port")]
    public async Task Needs_no_port(string protocol, string addresses, string? port = null)
    {
        await using var suite = await ListeningAsync([("MAILSUITE_Smtp__Addresses", "127.0.0.1"), (addresses, $"unix:{SocketPath}"), .. port is null ? Array.Empty<(string, string)>() : [(port, "off")]]);
        Assert.EndsWith($"{protocol} MailSuite", await GreetingAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stands_beside_ports()
    {
        await using var suite = await ListeningAsync(("MAILSUITE_Smtp__Addresses", $"unix:{SocketPath},127.0.0.1"));
        using var talk = await SmtpTalk.ConnectAsync(suite.EndPoint(EndpointKind.Smtp).Port);
        Assert.StartsWith("220 ", await GreetingAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_counted_by_address()
    {
        await using var suite = await ListeningAsync(("MAILSUITE_Mta__MaxSessionsPerAddress", "1"));
        using var first = await ConnectAsync();
        Assert.StartsWith("220 ", await GreetingAsync(), StringComparison.Ordinal);
        Assert.StartsWith("220 ", await GreetingAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_program_left_is_no_hindrance()
    {
        // A socket that is closed without being removed, as a kill leaves it.
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(SocketPath + ".moved"));
            File.Move(SocketPath + ".moved", SocketPath);
        }

        Assert.True(Path.Exists(SocketPath));
        await using var suite = await ListeningAsync();
        Assert.StartsWith("220 ", await GreetingAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_somebody_listens_on_is_left_to_him()
    {
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(SocketPath));
        other.Listen();
        var refusal = await Assert.ThrowsAsync<StartException>(() => ListeningAsync());
        Assert.Contains("Another program listens on the socket", refusal.Message, StringComparison.Ordinal);
        Assert.True(Path.Exists(SocketPath));
    }

    [Fact]
    public async Task Is_not_made_in_place_of_a_file()
    {
        File.WriteAllText(SocketPath, "precious");
        var refusal = await Assert.ThrowsAsync<StartException>(() => ListeningAsync());
        Assert.Contains("is no socket and stays as it is", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(SocketPath));
    }

    [Fact]
    public async Task Needs_its_directory()
    {
        var refusal = await Assert.ThrowsAsync<StartException>(() => ListeningAsync(("MAILSUITE_Smtp__Addresses", $"unix:{_directory.File("none")}/smtp.sock")));
        Assert.Contains("There is no directory for the socket", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_proxy_needs_no_list_of_networks()
    {
        await using var suite = await ListeningAsync(("MAILSUITE_Smtp__Proxy", "true"));
        using var connection = await ConnectAsync();
        await using var stream = new NetworkStream(connection);
        await stream.WriteAsync("PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("220 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private Task<ProgramUnderTest> ListeningAsync(params (string, string)[] settings) =>
        ProgramUnderTest.ServerAsync("example.org", [("MAILSUITE_Smtp__Addresses", $"unix:{SocketPath}"), .. settings]);

    private async Task<Socket> ConnectAsync()
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), TestContext.Current.CancellationToken);
        return connection;
    }

    private async Task<string?> GreetingAsync()
    {
        using var connection = await ConnectAsync();
        using var reader = new StreamReader(new NetworkStream(connection));
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken);
    }
}
