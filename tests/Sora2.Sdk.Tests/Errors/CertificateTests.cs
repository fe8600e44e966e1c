using System.Security.Authentication;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Errors;

public sealed class CertificateTests
{
    [Fact]
    public async Task Refused_certificate_is_named_and_not_retried()
    {
        var api = new StubHandler((_, _) => throw new HttpRequestException(
            HttpRequestError.SecureConnectionError, "The SSL connection could not be established, see inner exception.",
            new AuthenticationException("The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot")));
        using var client = TestClients.Create(Sora2Platform.Juxin, api);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(
            new VideoRequest("a"), TestContext.Current.CancellationToken));

        Assert.Equal(
            (Sora2ErrorKind.Network, false, (bool?)false, 1), (error.Kind, error.IsTransient, error.MayHaveBeenCharged, api.Sent.Count));
        Assert.Contains("The certificate of api.jxincm.cn was not accepted", error.Message, StringComparison.Ordinal);
        Assert.Contains("UntrustedRoot", error.Message, StringComparison.Ordinal);
    }
}
