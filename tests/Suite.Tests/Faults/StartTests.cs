using System.Net;
using System.Net.Sockets;
using MailSuite.Host.Running;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using Microsoft.Data.Sqlite;

namespace MailSuite.Suite.Tests.Faults;

/// <summary>A start that cannot succeed says why and what to do.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Says_which_ports_are_taken()
    {
        using var smtp = Taken(out var smtpPort);
        using var web = Taken(out var webPort);
        var refusal = await Assert.ThrowsAsync<StartException>(() => ProgramUnderTest.DevelopmentAsync(("MAILSUITE_Smtp__Port", smtpPort), ("MAILSUITE_Web__Port", webPort)));
        Assert.Contains($"Port {smtpPort} on 127.0.0.1 (Smtp:Port) is taken by another program", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"Port {webPort} on 127.0.0.1 (Web:Port) is taken", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--port-offset", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_an_address_is_not_of_this_machine()
    {
        var refusal = await Assert.ThrowsAsync<StartException>(() =>
            ProgramUnderTest.ServerAsync("example.org", ("MAILSUITE_Smtp__Addresses", "192.0.2.1"), ("MAILSUITE_Smtp__Port", "2525")));
        Assert.Contains("This machine has no address 192.0.2.1 (Smtp:Addresses)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_the_directory_free_after_a_failed_start()
    {
        using var directory = new TempDirectory();
        using (Taken(out var port))
            await Assert.ThrowsAsync<StartException>(() => ProgramUnderTest.OnAsync(directory.Path, ("MAILSUITE_Smtp__Port", port)));
        await (await ProgramUnderTest.OnAsync(directory.Path)).DisposeAsync();
    }

    [Theory]
    [InlineData("mta.db")]
    [InlineData("mda.db")]
    [InlineData("mua.db")]
    public async Task Refuses_a_database_of_a_later_version_and_leaves_it_alone(string database)
    {
        using var directory = new TempDirectory();
        await (await ProgramUnderTest.OnAsync(directory.Path)).DisposeAsync();
        var file = directory.File(database);
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "insert into __EFMigrationsHistory (MigrationId, ProductVersion) values ('99991231235959_FromTheFuture', '99.0.0')";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var refusal = await Assert.ThrowsAsync<StartException>(() => ProgramUnderTest.OnAsync(directory.Path));
        Assert.Contains(database, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer", refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Refuses_a_second_program_on_the_same_data()
    {
        using var directory = new TempDirectory();
        await using var first = await ProgramUnderTest.OnAsync(directory.Path);
        var refusal = await Assert.ThrowsAsync<StartException>(() => ProgramUnderTest.OnAsync(directory.Path));
        Assert.Contains($"process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_all_mistakes_of_a_configuration_and_exits_with_78()
    {
        using var directory = new TempDirectory();
        var file = directory.File("mailsuite.json");
        await File.WriteAllTextAsync(file, """{ "Domains": ["example.org"], "Mta": { "MaxRecipients": 5 } }""", TestContext.Current.CancellationToken);
        foreach (string[] arguments in new string[][] { ["config", "check", "--config", file], ["serve", "--config", file, "--data", directory.Path] })
        {
            var (code, output, error) = await RealPrograms.RunAsync(ChildProgram.File, arguments);
            Assert.Equal(78, code);
            Assert.Equal("", output);
            Assert.Contains("mailsuite: the configuration has 2 mistakes:", error, StringComparison.Ordinal);
            Assert.Contains($"{file}:1: Mta:MaxRecipients = 5: This must be a whole number from 100", error, StringComparison.Ordinal);
            Assert.Contains("HostName: A mail server says its full name", error, StringComparison.Ordinal);
        }
    }

    private static TcpListener Taken(out string port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return listener;
    }
}
