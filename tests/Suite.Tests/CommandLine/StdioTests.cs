using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MailSuite.Host.Listening;
using MailSuite.Host.Local;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.CommandLine;

/// <summary><c>mailsuite smtp --stdio</c>, as inetd, a systemd socket and a pipe run it.</summary>
public sealed class StdioTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("QUIT\r\n", "221 2.0.0 Goodbye\r\n")]
    [InlineData("", "")]
    public async Task Hands_the_session_to_the_running_program_and_ends_with_it(string end, string farewell)
    {
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        var (code, output, error) = await RunAsync([], Dialogue("Carried") + end);
        Assert.True(code == 0, output + error);
        Assert.StartsWith("220 localhost ESMTP MailSuite\r\n", output, StringComparison.Ordinal);
        Assert.Contains("250 2.6.0 Accepted as ", output, StringComparison.Ordinal);
        Assert.EndsWith(farewell, output, StringComparison.Ordinal);
        await suite.MessageAsync("bob@example.org", "Carried");
    }

    [Fact]
    public async Task Serves_the_session_itself_when_no_program_runs()
    {
        var (code, output, error) = await RunAsync([], Dialogue("Alone") + "QUIT\r\n");
        Assert.True((code, error) == (0, ""), output + error);
        Assert.Contains("250 2.6.0 Accepted as ", output, StringComparison.Ordinal);
        Assert.EndsWith("221 2.0.0 Goodbye\r\n", output, StringComparison.Ordinal);

        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        await suite.MessageAsync("bob@example.org", "Alone");
    }

    [Theory]
    [InlineData("lmtp", "LHLO here.example\r\nQUIT\r\n", "220 localhost LMTP")]
    [InlineData("submission", "EHLO here.example\r\nMAIL FROM:<ann@example.org>\r\nQUIT\r\n", "530 5.7.0")]
    public async Task Has_the_role_that_it_is_told(string role, string input, string reply)
    {
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        var (code, output, error) = await RunAsync(["--role", role], input);
        Assert.True(code == 0, error);
        Assert.Contains(reply, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtp")]
    [InlineData("smtp --stdio --role pope")]
    public async Task Refuses_another_command_line(string line) => Assert.Equal(2, (await RealPrograms.RunAsync(ChildProgram.File, line.Split(' '), "")).Code);

    /// <summary>inetd: the client's connection is standard input and output, and its address the client's.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Knows_the_address_of_a_client_whose_socket_it_was_given(bool runs)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The helper that plays inetd is a program of Linux.");
        var python = RealPrograms.Find("python3");
        await using var suite = runs ? await ProgramUnderTest.OnAsync(_directory.Path) : null;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var inetd = $"import socket,subprocess,sys; s=socket.create_server(('127.0.0.1',{port})); print('ready',flush=True); c,_=s.accept(); sys.exit(subprocess.call(['{ChildProgram.File}','smtp','--stdio'],stdin=c,stdout=c,stderr=c))";
        var start = new ProcessStartInfo(python, ["-c", inetd]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["MAILSUITE_DATA"] = _directory.Path;
        using var process = Process.Start(start)!;
        try
        {
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            using var talk = await SmtpTalk.ConnectAsync(port);
            await talk.BeginDataAsync("ann@example.org", "bob@example.org");
            await talk.SendAsync("Subject: By inetd\r\n\r\nHello.\r\n");
            Assert.StartsWith("250 2.6.0", await talk.SayAsync("."), StringComparison.Ordinal);
            Assert.StartsWith("221", await talk.SayAsync("QUIT"), StringComparison.Ordinal);
            Assert.Equal("", await talk.ReplyAsync());
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        await using var after = runs ? null : await ProgramUnderTest.OnAsync(_directory.Path);
        var text = await ProgramUnderTest.TextOfAsync(await (suite ?? after!).MessageAsync("bob@example.org", "By inetd"));
        Assert.Contains("Received: from client.example.net ([127.0.0.1])\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_private_socket_is_for_its_owner_alone()
    {
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        var socket = LocalSocket.PathFor(_directory.Path)!;
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(socket));
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Assert.Skip("Only root can act as others.");

        // Even were the file open to all: the system says who connects.
        SocketFile.SetMode(_directory.Path, (UnixFileMode)0b111_001_001);
        SocketFile.SetMode(socket, (UnixFileMode)0b110_110_110);
        // Not a wrapper in root's own folder.
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : RealPrograms.Find("python3");
        var client = $"import socket\ns=socket.socket(socket.AF_UNIX); s.connect('{socket}'); print('connected')\ntry:\n s.sendall(b'SMTP Local 192.0.2.1:7\\n'); print(s.recv(100))\nexcept OSError: print(b'')";
        var (_, output, error) = await RealPrograms.RunAsync(RealPrograms.Find("setpriv"), ["--reuid=65534", "--regid=65534", "--clear-groups", python, "-c", client], "");
        Assert.True(output.ReplaceLineEndings("\n") == "connected\nb''\n", output + error);
    }

    [Theory]
    [InlineData(92, true)]
    [InlineData(93, false)]
    public void The_private_socket_is_where_its_path_is_short_enough(int octets, bool there) => Assert.Equal(there, LocalSocket.PathFor("/" + new string('a', octets - 1)) is not null);

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("HELLO\n")]
    [InlineData("SMTP Mx\n")]
    [InlineData("SMTP Nobody -\n")]
    [InlineData("SMTP Mx nowhere\n")]
    [InlineData("DROP\nno drop")]
    public async Task The_private_socket_bears_nonsense(string request)
    {
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        using var socket = await LocalSocket.ConnectAsync(_directory.Path, TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket!);
        var answer = "";
        try
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request + new string('x', 300)), TestContext.Current.CancellationToken);
            socket!.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream);
            answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // It was cut off, which is an answer too.
        }

        Assert.True(answer.Length == 0 || answer.StartsWith("refused 5.5.2 ", StringComparison.Ordinal), answer);
        Assert.Equal(0, (await RealPrograms.RunAsync(ChildProgram.File, ["healthcheck", "--data", _directory.Path], "")).Code);
    }

    private static string Dialogue(string subject) =>
        $"EHLO here.example\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nSubject: {subject}\r\n\r\nHello.\r\n.\r\n";

    private Task<(int Code, string Output, string Error)> RunAsync(IEnumerable<string> arguments, string input) =>
        RealPrograms.RunAsync(ChildProgram.File, ["smtp", "--stdio", .. arguments], input, new Dictionary<string, string>(StringComparer.Ordinal) { ["MAILSUITE_DATA"] = _directory.Path });
}
