using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sora2.Sdk.Platforms;

#pragma warning disable IDE0022 // a block each, as in the document

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>The examples of docs/hosting.md, so that they compile.</summary>
internal static class HostingExamples
{
    public static void FromConfiguration(WebApplicationBuilder builder)
    {
        builder.Services.AddSora2(builder.Configuration.GetSection("Sora2"));
    }

    public static void FromCode(WebApplicationBuilder builder, string key)
    {
        builder.Services.AddSora2(options =>
        {
            options.Platform = "zhenzhen";
            options.ApiKey = key;
        });
    }

    public static void FromEnvironment(WebApplicationBuilder builder)
    {
        builder.Services.AddSora2();
    }

    public static void SideBySide(WebApplicationBuilder builder)
    {
        builder.Services.AddSora2("cheap", builder.Configuration.GetSection("Sora2:Accounts:cheap")).AddTaskStore("tasks/cheap");
        builder.Services.AddSora2("sharp", builder.Configuration.GetSection("Sora2:Accounts:sharp")).AddHealthCheck();
        builder.Services.AddSora2Router("cheap", "sharp");
    }

    public static void Keyed(WebApplication app)
    {
        app.MapPost("/videos", ([FromKeyedServices("sharp")] ISora2Client client, string prompt) =>
            client.Videos.CreateAsync(new VideoRequest(prompt)));
    }

    public static void Beside(WebApplicationBuilder builder, TimeProvider clock)
    {
        builder.Services.AddSora2("cheap", builder.Configuration.GetSection("Sora2:Accounts:cheap"));
        builder.Services.Configure<Sora2ClientOptions>("cheap", options => options.TimeProvider = clock);
    }

    public static void Vaulted(WebApplicationBuilder builder, Vault vault)
    {
        builder.Services.AddSingleton<IOptionsChangeTokenSource<Sora2ClientOptions>>(vault);
        builder.Services.AddSora2("cheap", options => options.ApiKey = vault.ReadKey());
    }

    public static void Proxy(WebApplicationBuilder builder)
    {
        builder.Services.AddSora2(builder.Configuration.GetSection("Sora2"))
            .ConfigureHttp(http => http.ConfigurePrimaryHttpMessageHandler((handler, services) =>
                ((SocketsHttpHandler)handler).Proxy = new WebProxy("http://proxy.example.com:8080")));
    }

    public static void Certificate(WebApplicationBuilder builder)
    {
        builder.Services.AddSora2(builder.Configuration.GetSection("Sora2"))
            .ConfigureHttp(http => http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                SslOptions =
                {
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                        errors == SslPolicyErrors.None || IsOurs(certificate),
                },
            }));
        static bool IsOurs(X509Certificate? certificate) => certificate is not null;
    }

    public static void Handler(WebApplicationBuilder builder)
    {
        builder.Services.AddSora2(builder.Configuration.GetSection("Sora2"))
            .ConfigureHttp(http => http.AddHttpMessageHandler(() => new CountingHandler()).AddDefaultLogger());
    }

    public static void Resilience(WebApplicationBuilder builder)
    {
        builder.Services.AddSora2(builder.Configuration.GetSection("Sora2"))
            .AddResilience(options => options.Media.PermitLimit = 8);
    }

    public static void ResilienceFromConfiguration(WebApplicationBuilder builder)
    {
        builder.Services.AddSora2(builder.Configuration.GetSection("Sora2"))
            .AddResilience(builder.Configuration.GetSection("Http:Sora2"));
    }

    public static void WithoutTheHostsResilience(WebApplicationBuilder builder)
    {
#pragma warning disable EXTEXP0001
        builder.Services.AddSora2(builder.Configuration.GetSection("Sora2"))
            .ConfigureHttp(http => http.RemoveAllResilienceHandlers());
#pragma warning restore EXTEXP0001
    }

    public static void Health(WebApplicationBuilder builder, WebApplication app)
    {
        builder.Services.AddSora2(builder.Configuration.GetSection("Sora2")).AddHealthCheck(tags: ["ready"]);
        app.MapHealthChecks("/health");
    }

    internal abstract class Vault : IOptionsChangeTokenSource<Sora2ClientOptions>
    {
        public string Name => "cheap";

        public abstract string ReadKey();

        public abstract Microsoft.Extensions.Primitives.IChangeToken GetChangeToken();
    }

    private sealed class CountingHandler : DelegatingHandler;

    private sealed class ChoosingHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Sora2RequestOptions.IsPaid(request) || !request.Options.TryGetValue(Sora2RequestOptions.CallKind, out var kind))
            {
                return await base.SendAsync(request, cancellationToken);
            }

            return kind == CallKind.Media
                ? new HttpResponseMessage(HttpStatusCode.NotFound)
                : await base.SendAsync(request, cancellationToken);
        }
    }
}
