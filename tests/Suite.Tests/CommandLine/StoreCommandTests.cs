using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using Microsoft.Data.Sqlite;

namespace MailSuite.Suite.Tests.CommandLine;

/// <summary>The store as a person checks it: beside the running program, and alone for a repair.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Checks_and_rebuilds_beside_a_running_program_and_repairs_without_it()
    {
        await using (await ProgramUnderTest.OnAsync(_directory.Path))
        {
            Assert.Equal(0, (await RunAsync("send", "--from", "ann@example.org", "--to", "bob@example.org", "--subject", "Hello", "--body", "x")).Code);
            await Eventually.HoldsAsync(async () => (await RunAsync("read", "list", "--account", "bob@example.org")).Output.Contains("Hello", StringComparison.Ordinal), "the message");

            var (code, output, error) = await RunAsync("store", "verify");
            Assert.True(code == 0, output + error);
            Assert.EndsWith($"0 repaired, 0 wrong.{Environment.NewLine}", output, StringComparison.Ordinal);
            (code, output, error) = await RunAsync("store", "rebuild", "bob@example.org");
            Assert.True(code == 0, error);
            Assert.Equal($"Rebuilt what is shown of 1 messages; 0 could not be read.{Environment.NewLine}", output);
            (code, _, error) = await RunAsync("store", "rebuild", "nobody@example.org");
            Assert.Equal((1, $"mailsuite: There is no account nobody@example.org.{Environment.NewLine}"), (code, error));
            Assert.Equal(75, (await RunAsync("store", "verify", "--repair")).Code);
        }

        await using (var database = new SqliteConnection($"Data Source={_directory.File("mda.db")};Pooling=False"))
        {
            await database.OpenAsync(TestContext.Current.CancellationToken);
            await using var damage = database.CreateCommand();
            damage.CommandText = "UPDATE account SET octets = octets + 1 WHERE address LIKE 'bob@%'";
            await damage.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var (wrong, told, _) = await RunAsync("store", "verify");
        Assert.Equal(1, wrong);
        Assert.StartsWith("wrong:    Account bob@example.org counts ", told, StringComparison.Ordinal);
        (wrong, told, _) = await RunAsync("store", "verify", "--repair");
        Assert.Equal(0, wrong);
        Assert.StartsWith("repaired: Account bob@example.org counts ", told, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("store", "verify")).Code);
    }

    [Fact]
    public async Task Says_that_there_is_no_store()
    {
        var (code, _, error) = await RunAsync("store", "verify");

        Assert.Equal((1, $"mailsuite: there is no message store in {_directory.Path}.{Environment.NewLine}"), (code, error));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params IEnumerable<string> arguments) =>
        RealPrograms.RunAsync(ChildProgram.File, arguments, "", new Dictionary<string, string>(StringComparer.Ordinal) { ["MAILSUITE_DATA"] = _directory.Path });
}
