import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { CALLBACK_PATH } from '../session/index.ts';
import { features } from './features.ts';
import { BareFrame, OpenBareFrame, OpenFrame, SignedInFrame } from './shell/index.ts';
import { Callback } from './Callback.tsx';
import { Crash } from './Crash.tsx';
import { NotFound } from './NotFound.tsx';
import { Skeletons } from '../primitives/index.ts';

/** The routes of all features in three frames: with navigation, bare (a room needs the whole screen), open to strangers. */
export function createAppRouter() {
  const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: Crash });
  const frames = {
    inside: createRoute({ getParentRoute: () => root, id: 'inside', component: SignedInFrame }),
    bare: createRoute({ getParentRoute: () => root, id: 'bare', component: BareFrame }),
    open: createRoute({ getParentRoute: () => root, id: 'open', component: OpenFrame }),
    openBare: createRoute({ getParentRoute: () => root, id: 'open-bare', component: OpenBareFrame }),
  };
  const routes = features.flatMap((feature) => feature.routes).map((route) => {
    const frame = route.open ? (route.bare ? 'openBare' : 'open') : route.bare ? 'bare' : 'inside';
    return { frame, route: createRoute({ getParentRoute: () => frames[frame], path: route.path, component: lazyRouteComponent(async () => ({ default: await route.load() })) }) } as const;
  });
  const callback = createRoute({ getParentRoute: () => root, path: CALLBACK_PATH, component: Callback });
  const of = (frame: keyof typeof frames) => routes.filter((entry) => entry.frame === frame).map((entry) => entry.route);
  return createRouter({
    routeTree: root.addChildren([frames.inside.addChildren(of('inside')), frames.bare.addChildren(of('bare')), frames.open.addChildren(of('open')), frames.openBare.addChildren(of('openBare')), callback]),
    defaultPreload: 'intent', defaultPreloadDelay: 80, scrollRestoration: true, defaultPendingComponent: () => <Skeletons />, defaultErrorComponent: Crash,
  });
}
