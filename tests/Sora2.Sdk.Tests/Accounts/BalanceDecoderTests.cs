using System.Globalization;
using System.Net;
using System.Text;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Tests.Accounts;

public sealed class BalanceDecoderTests
{
    [Theory]
    // The usage of a key.
    [InlineData(
        """
        {"code":true,"message":"ok","data":{"object":"token_usage","name":"k","total_granted":1000000,"total_used":12345,
        "total_available":987655,"unlimited_quota":false,"model_limits":{},"model_limits_enabled":false,"expires_at":0}}
        """,
        "987655 units, 12345 used")]
    [InlineData("""{"code":true,"message":"查询成功","data":{"total_available":"5","total_used":" 1e2 "}}""", "5 units, 100 used")]
    [InlineData("""{"code":true,"data":{"total_available":-250000,"expires_at":1798675200}}""", "-250000 units, until 2026-12-31")]
    [InlineData("""{"code":true,"data":{"total_granted":10,"total_used":4}}""", "6 units, 4 used")]
    [InlineData("""{"code":true,"data":{"total_used":4}}""", "not known, 4 used")]
    [InlineData("""{"code":true,"data":{"total_available":0,"total_used":7,"unlimited_quota":true}}""", "unlimited, 7 used")]
    [InlineData("""{"code":true,"data":{"unlimited_quota":"true"}}""", "unlimited")]
    [InlineData("""{"code":true,"data":{"unlimited_quota":1}}""", "unlimited")]
    [InlineData("""{"object":"credit_summary","total_granted":9,"total_used":0,"total_available":9,"expires_at":0}""", "9 units, 0 used")]
    // The wallet.
    [InlineData(
        """{"code":true,"data":{"amount":12.34,"used_amount":"5.6","display_type":"CNY","quota":617000,"total_available":617000}}""",
        "12.34 CNY, 5.6 used")]
    [InlineData("""{"code":true,"data":{"amount":7,"display_type":"TOKENS"}}""", "7 units")]
    [InlineData("""{"code":true,"data":{"amount":7}}""", "7 of an unnamed unit")]
    // The two billing routes.
    [InlineData("""{"object":"billing_subscription","hard_limit_usd":20.5,"access_until":1798675200}""", "not known, until 2026-12-31")]
    [InlineData("""{"hard_limit_usd":100000000,"access_until":0}""", "unlimited")]
    [InlineData("""{"object":"list","total_usage":1234.5}""", "not known, 12.345 used")]
    [InlineData("""{"hard_limit_usd":0.30000000000000004,"total_usage":30}""", "0 of an unnamed unit, 0.3 used")]
    // Nothing that is known.
    [InlineData("{}", "not known")]
    [InlineData("[]", "not known")]
    [InlineData("null", "not known")]
    [InlineData("""{"code":0,"message":"ok","data":null}""", "not known")]
    [InlineData("""{"data":{"total_available":"many","total_used":1e999,"total_granted":null,"unlimited_quota":"no"}}""", "not known")]
    [InlineData("""{"data":{"total_available":1e300}}""", "not known")]
    public void Balance_is_read_from_every_form(string json, string text) => Assert.Equal(text, Decode(json).ToString());

    [Fact]
    public void Amounts_and_units_are_values()
    {
        Assert.Equal(
            new Balance { Amount = 8, Used = 2, Granted = 10, Unit = "units", ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1798675200) },
            Decode("""{"data":{"total_granted":10,"total_used":2,"total_available":8,"expires_at":1798675200000}}"""));
        Assert.Equal(
            new Balance { Used = 2, Unit = "units", IsUnlimited = true },
            Decode("""{"data":{"total_granted":2,"total_used":2,"total_available":0,"unlimited_quota":true}}"""));
        Assert.Equal(new Balance { Granted = 20.5m, Unit = "" }, Decode("""{"hard_limit_usd":"20.5"}"""));
        Assert.Equal(new Balance(), Decode("{}"));
    }

    [Theory]
    [InlineData(401, """{"success":false,"message":"无效的令牌"}""", Sora2ErrorKind.Authentication)]
    [InlineData(200, """{"success":false,"message":"无效的令牌"}""", Sora2ErrorKind.Authentication)]
    [InlineData(200, """{"code":false,"message":"no","data":{"total_available":0}}""", Sora2ErrorKind.Unknown)]
    [InlineData(200, """{"success":false}""", Sora2ErrorKind.UnreadableResponse)]
    [InlineData(200, """{"error":{"message":"no such key","type":"upstream_error"},"hard_limit_usd":0}""", Sora2ErrorKind.Unknown)]
    [InlineData(200, """{"error":"no such key"}""", Sora2ErrorKind.Unknown)]
    [InlineData(200, """{"code":429,"message":"slow down"}""", Sora2ErrorKind.RateLimited)]
    [InlineData(429, "", Sora2ErrorKind.RateLimited)]
    [InlineData(404, """{"error":{"message":"Invalid URL (GET /api/usage/token/)"}}""", Sora2ErrorKind.WrongEndpoint)]
    [InlineData(404, "", Sora2ErrorKind.WrongEndpoint)]
    [InlineData(200, "<!doctype html><title>Shop</title>", Sora2ErrorKind.WrongEndpoint)]
    [InlineData(200, """{"data":{"total_available":5""", Sora2ErrorKind.UnreadableResponse)]
    [InlineData(200, "", Sora2ErrorKind.UnreadableResponse)]
    [InlineData(502, "<html><title>502</title></html>", Sora2ErrorKind.ServerError)]
    public void Error_is_an_error_whatever_the_status(int status, string body, Sora2ErrorKind kind)
    {
        var error = Assert.Throws<Sora2ApiException>(() => Decode(body, status));

        Assert.Equal((kind, (bool?)false, "juxin"), (error.Kind, error.MayHaveBeenCharged, error.PlatformName));
    }

    [Fact]
    public void Text_does_not_depend_on_the_culture()
    {
        var previous = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        try
        {
            Assert.Equal("1.5 USD, 0.25 used", new Balance { Amount = 1.5m, Unit = "USD", Used = 0.25m }.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = previous;
        }
    }

    private static Balance Decode(string json, int status = 200) => Sora2Platform.Juxin.DecodeBalance(new ApiResponse
    {
        Platform = "juxin",
        Kind = CallKind.Query,
        StatusCode = (HttpStatusCode)status,
        Body = Encoding.UTF8.GetBytes(json),
        Address = new Uri("https://h/api/usage/token/"),
    });
}
