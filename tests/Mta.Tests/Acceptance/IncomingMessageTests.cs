using System.Buffers;
using System.Text;
using CsCheck;
using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Acceptance;

public sealed class IncomingMessageTests
{
    [Fact]
    public async Task Gives_back_every_octet_in_memory_and_in_a_file() => await Gen.Select(Gen.Byte.Array[0, 3000].Array[0, 40], Gen.Int[0, 20_000], Gen.Int[0, 100_000]).SampleAsync(
        async (parts, spillOctets, expectedOctets) =>
        {
            using var directory = new TempDirectory();
            var incoming = Incoming(directory);
            using (var message = new IncomingMessage(incoming, spillOctets, expectedOctets))
            {
                foreach (var part in parts)
                {
                    message.Write(part);
                    await message.SpillAsync();
                }

                await message.CompleteAsync("Received: x\r\n"u8.ToArray());
                byte[] expected = [.. "Received: x\r\n"u8, .. parts.SelectMany(part => part)];
                Assert.Equal(expected.Length, message.Octets);
                Assert.Equal(expected.Length - 13 <= spillOctets || parts.Length == 0, message.TryGetMemory(out var memory));
                if (!memory.IsEmpty)
                    Assert.Equal(expected, memory.ToArray());
                Assert.Equal(expected, await ReadAsync(message));
                Assert.Equal(expected, await ReadAsync(message));
            }

            Assert.False(Directory.Exists(directory.File("incoming")) && Directory.EnumerateFiles(directory.File("incoming")).Any());
        },
        iter: 100);

    [Fact]
    public async Task A_large_message_costs_little_memory()
    {
        using var directory = new TempDirectory();
        var block = new byte[64 * 1024];
        using var message = new IncomingMessage(Incoming(directory), 256 * 1024, 0);
        var allocated = 0L;
        for (var i = 0; i < 800; i++)
        {
            // Of this thread, between two awaits: other tests run beside this one.
            var before = GC.GetAllocatedBytesForCurrentThread();
            message.Write(block);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            await message.SpillAsync();
        }

        await message.CompleteAsync("Received: x\r\n"u8.ToArray());
        Assert.Equal((800L * block.Length) + 13, message.Octets);
        Assert.InRange(allocated, 0, 2 * 1024 * 1024);
    }

    [Fact]
    public async Task The_header_is_known_after_the_message_went_to_a_file()
    {
        using var directory = new TempDirectory();
        using var message = new IncomingMessage(Incoming(directory), 100, 0);
        message.Write(Encoding.ASCII.GetBytes("Subject: kept\r\n\r\n" + new string('x', 100)));
        await message.SpillAsync();
        message.Write(new byte[1000]);
        await message.SpillAsync();
        Assert.Equal("kept", message.Header.Subject);
        Assert.False(message.TryGetMemory(out _));
    }

    private static IncomingDirectory Incoming(TempDirectory directory) => new(new MtaOptions { DataDirectory = directory.Path, HostName = Domain.Parse("mx.example.org") });

    private static async Task<byte[]> ReadAsync(IMessageContent content)
    {
        using var copy = new MemoryStream();
        await using var stream = content.OpenRead();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}
