// One page of each kind, the richest of the sample.
export const kinds = {
  zuiderduin: [
    'index.html', 'journeys/index.html', 'journeys/business-stay.html', 'journeys/business-stay-to-be.html', 'personas/index.html',
    'personas/nora-brandsma.html', 'touchpoints/index.html', 'touchpoints/front-desk.html', 'departments/index.html',
    'departments/front-office.html', 'channels/phone.html', 'segments/business-travellers.html', 'principles/index.html',
    'evidence/index.html', 'evidence/observation-lobby.html', 'visits/index.html', 'metrics/nps.html', 'frameworks/functional.html',
    'improvements/index.html', 'improvements/arrival-message.html', 'roadmaps/index.html', 'roadmaps/guest-experience.html',
    'pages/index.html', 'pages/glossary.html', 'coverage.html', 'review.html', 'search.html', '404.html',
  ],
  'de-linde': ['index.html', 'journeys/nieuwe-heup.html', 'improvements/index.html', 'coverage.html', 'review.html', 'search.html'],
};
