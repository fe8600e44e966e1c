using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tests.Transport;

public sealed class ApiAddressTests
{
    [Theory]
    [InlineData("https://h", "https://h")]
    [InlineData("https://h/", "https://h")]
    [InlineData("https://h/v1", "https://h")]
    [InlineData("https://h/v2/", "https://h")]
    [InlineData("https://h:8443/V1/", "https://h:8443")]
    [InlineData("https://h/proxy/v1/", "https://h/proxy")]
    [InlineData("https://h/proxy", "https://h/proxy")]
    [InlineData("https://h/myv1", "https://h/myv1")]
    [InlineData("https://h/v10", "https://h/v10")]
    [InlineData("http://127.0.0.1:5201/", "http://127.0.0.1:5201")]
    public void Base_address_is_normalised(string address, string normal) => Assert.Equal(normal, ApiAddress.Normalise(new Uri(address)));

    [Theory]
    [InlineData("https://h", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://h", false)]
    [InlineData("http://10.0.0.1", false)]
    [InlineData("ftp://h", false)]
    [InlineData("https://user:pass@h", false)]
    [InlineData("https://h/?key=1", false)]
    [InlineData("https://h/#x", false)]
    public void Address_that_would_leak_the_key_or_is_not_valid_is_refused(string address, bool fine) =>
        Assert.Equal(fine, ApiAddress.Problem(new Uri(address), allowInsecure: false) is null);

    [Fact]
    public void Relative_address_is_refused() => Assert.NotNull(ApiAddress.Problem(new Uri("/v1", UriKind.Relative), allowInsecure: false));

    [Fact]
    public void Http_to_another_machine_can_be_allowed() =>
        Assert.Null(ApiAddress.Problem(new Uri("http://relay.internal"), allowInsecure: true));
}
