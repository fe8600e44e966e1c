namespace Sora2.Sdk;

/// <summary>Names of models in the spelling of the platforms' own pages and clients, for <see cref="GenerationRequest.Model"/>.</summary>
/// <remarks>
/// A name here does not mean that a platform serves the model today, or that a key may use it: see
/// <see cref="IAccountClient.ListModelsAsync"/>. The model determines the price. Any other name can be used as well.
/// </remarks>
public static class ModelNames
{
    /// <summary>Sora 2 on Juxin (its API pages, 2026-02).</summary>
    public const string Sora2All = "sora-2-all";

    /// <summary>Sora 2 on Zhenzhen (the operator's client, 2026-08).</summary>
    public const string Sora2 = "sora-2";

    /// <summary>Sora 2 Pro on Zhenzhen, with 25 s and high definition (the operator's client, 2026-08).</summary>
    public const string Sora2Pro = "sora-2-pro";

    /// <summary>Sora 2 VIP on Zhenzhen (the operator's client, 2026-08).</summary>
    public const string Sora2Vip = "sora-2-vip";

    /// <summary>Veo 3 on Zhenzhen (the operator's client, 2026-08) and Juxin (shops with its software, to 2026-05).</summary>
    public const string Veo3 = "veo3";

    /// <summary>Veo 3 Fast on Zhenzhen (the operator's client, 2026-08) and Juxin (shops with its software, to 2026-05).</summary>
    public const string Veo3Fast = "veo3-fast";

    /// <summary>Veo 3 Pro on Zhenzhen (the operator's client, 2026-08) and Juxin (shops with its software, to 2026-05).</summary>
    public const string Veo3Pro = "veo3-pro";

    /// <summary>Veo 3.1 on Zhenzhen (the operator's client, 2026-08) and Juxin (shops with its software, to 2026-05).</summary>
    public const string Veo31 = "veo3.1";

    /// <summary>Veo 3.1 Fast on Zhenzhen (the operator's client, 2026-08) and Juxin (its API pages, 2026-02).</summary>
    public const string Veo31Fast = "veo3.1-fast";

    /// <summary>Veo 3.1 Pro on Zhenzhen (the operator's client, 2026-08) and Juxin (shops with its software, to 2026-05).</summary>
    public const string Veo31Pro = "veo3.1-pro";

    /// <summary>Veo 3.1 Lite on Zhenzhen (the operator's client, 2026-08).</summary>
    public const string Veo31Lite = "veo3.1-lite";

    /// <summary>Veo 3.1 from 1 to 3 reference images, on Zhenzhen (2026-08) and Juxin (shops with its software, to 2026-05).</summary>
    public const string Veo31Components = "veo3.1-components";

    /// <summary>Grok Video 3 on Zhenzhen (the operator's client, 2026-08) and Juxin (shops with its software, to 2026-05).</summary>
    public const string GrokVideo3 = "grok-video-3";
}
