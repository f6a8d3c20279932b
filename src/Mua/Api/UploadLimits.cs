using MailSuite.Mua.Compose;
using MailSuite.Shared.Contracts.Mua;
using Microsoft.AspNetCore.Http.Metadata;

namespace MailSuite.Mua.Api;

/// <summary>What a request may carry that brings a message with its files: read into files of the system beyond 64 KiB, never into memory.</summary>
/// <remarks>Files are decoded here and grow by a third in the message, so the message's own limit is reached first.</remarks>
internal sealed class UploadLimits(MuaOptions options) : IRequestSizeLimitMetadata, IFormOptionsMetadata
{
    public long? MaxRequestBodySize => options.MaxMessageOctets + (16L * 1024 * 1024);

    public long? BufferBodyLengthLimit => MaxRequestBodySize;

    public bool? BufferBody => null;

    public int? KeyLengthLimit => 200;

    public int? MemoryBufferThreshold => 64 * 1024;

    public int? MultipartBoundaryLengthLimit => null;

    public long? MultipartBodyLengthLimit => MaxRequestBodySize;

    public int? MultipartHeadersCountLimit => null;

    public int? MultipartHeadersLengthLimit => null;

    public int? ValueCountLimit => 1000;

    /// <summary>In octets; a text of the most characters may have four octets each.</summary>
    public int? ValueLengthLimit => ComposeLimits.MaxTextCharacters * 4;
}
